package io.paas.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.apiserver.client.Cluster;
import io.paas.apiserver.client.FakeKube;
import io.paas.apiserver.request.ApiResponse;
import io.paas.wire.ProcessRequest;
import io.paas.wire.ProcessVerb;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PodProcessVerbTest {

    private static final String POD = "/api/v1/namespaces/default/pods/demo-nodes-0";
    private static final String OPERATIONS = "/apis/paas.io/v1/namespaces/default/operations";

    private static final String RUNNING =
            "{\"items\":[{\"apiVersion\":\"paas.io/v1\",\"kind\":\"Operation\","
                    + "\"metadata\":{\"name\":\"demo-g2\"},"
                    + "\"spec\":{\"type\":\"Stop\",\"cluster\":\"demo\"}}]}";

    private final FakeKube kube = new FakeKube();
    private FakeAgent agent;

    @BeforeEach
    void start() throws IOException {
        agent = new FakeAgent();
        kube.put(POD, pod("\"middleware.paas.io/cluster\":\"demo\",", false));
        kube.put(OPERATIONS, "{\"items\":[]}");
    }

    @AfterEach
    void stop() {
        agent.stop();
    }

    private static String pod(String clusterLabel, boolean hostNetwork) {
        return """
        {"metadata":{"name":"demo-nodes-0","uid":"u1","labels":{%s
          "middleware.paas.io/group":"nodes","middleware.paas.io/ordinal":"0"}},
         "spec":{"subdomain":"demo-nodes","hostNetwork":%s},
         "status":{"phase":"Running","podIP":"127.0.0.1"}}
        """
                .formatted(clusterLabel, hostNetwork);
    }

    private ApiResponse restart(String body, Map<String, List<String>> query) {
        Cluster cluster = new Cluster(kube);
        return Requests.post(
                new PodProcessVerb(
                        ProcessVerb.RESTART, cluster, new PodAgents(cluster), agent.client()),
                "pods/demo-nodes-0/restart",
                query,
                body);
    }

    private ApiResponse restart(String body) {
        return restart(body, Map.of());
    }

    @Test
    void answersWithBothPids() {
        // given
        agent.code = 200;
        agent.reply =
                "{\"changeId\":\"c1\",\"verb\":\"restart\",\"oldPid\":7,\"newPid\":9,"
                        + "\"durationMillis\":120,\"state\":\"Succeeded\",\"processState\":\"Running\"}";

        // when
        ApiResponse response = restart("{\"requestID\":\"r1\"}");

        // then
        assertThat(response.code()).isEqualTo(200);
        assertThat(Requests.text(response))
                .contains("\"kind\":\"ProcessResult\"", "\"oldPid\":7", "\"newPid\":9")
                .contains("\"state\":\"Succeeded\"");
        assertThat(agent.calls).containsExactly("/v1/process/restart");
    }

    @Test
    void saysThatTheAgentGoesOn() {
        // given
        agent.code = 202;
        agent.reply =
                "{\"changeId\":\"c1\",\"verb\":\"restart\",\"durationMillis\":45000,"
                        + "\"state\":\"Running\"}";

        // when
        ApiResponse response = restart("");

        // then
        assertThat(response.code()).isEqualTo(202);
        assertThat(Requests.text(response)).contains("\"changeId\":\"c1\"");
    }

    @Test
    void waitsForARunningOperationUnlessTold() {
        // given
        agent.code = 200;
        agent.reply =
                "{\"changeId\":\"c1\",\"verb\":\"restart\",\"durationMillis\":1,"
                        + "\"state\":\"Succeeded\"}";
        kube.put(OPERATIONS, RUNNING);

        // when
        ApiResponse refused = restart("");
        ApiResponse insisted = restart("{\"ignoreRunningOperation\":true}");

        // then
        assertThat(refused.code()).isEqualTo(409);
        assertThat(Requests.text(refused)).contains("demo-g2");
        assertThat(insisted.code()).isEqualTo(200);
    }

    @Test
    void answersARepeatedRequestAlthoughAnOperationHasBegunSince() {
        // given
        agent.code = 200;
        agent.reply =
                "{\"changeId\":\"c1\",\"verb\":\"restart\",\"durationMillis\":1,"
                        + "\"state\":\"Succeeded\"}";
        kube.put(OPERATIONS, RUNNING);
        String change =
                "/v1/changes/" + new ProcessRequest(null, null, "r1", null, null).changeId();

        // when
        ApiResponse repeated = restart("{\"requestID\":\"r1\"}");
        agent.unknownPath = change;
        ApiResponse fresh = restart("{\"requestID\":\"r1\"}");

        // then
        assertThat(repeated.code()).isEqualTo(200);
        assertThat(fresh.code()).isEqualTo(409);
        assertThat(agent.calls).containsExactly(change, "/v1/process/restart", change);
    }

    @Test
    void dryRunLooksAndDoesNothing() {
        // given
        agent.code = 200;
        agent.reply =
                "{\"name\":\"db\",\"state\":\"Running\",\"desiredState\":\"Running\",\"pid\":7,"
                        + "\"restarts\":0,\"ready\":true}";

        // when
        ApiResponse response = restart("", Map.of("dryRun", List.of("All")));

        // then
        assertThat(Requests.text(response))
                .contains("\"state\":\"Planned\"", "would restart process db");
        assertThat(agent.calls).containsExactly("/v1/process");
        assertThat(restart("", Map.of("dryRun", List.of("Maybe"))).code()).isEqualTo(400);
    }

    @Test
    void callsNoPodThatIsNotOurs() {
        // when
        kube.put(POD, pod("", false));
        ApiResponse foreign = restart("");
        kube.put(POD, pod("\"middleware.paas.io/cluster\":\"demo\",", true));
        ApiResponse onNode = restart("");

        // then
        assertThat(foreign.code()).isEqualTo(404);
        assertThat(Requests.text(foreign)).contains("belongs to no MiddlewareCluster");
        assertThat(onNode.code()).isEqualTo(409);
        assertThat(agent.calls).isEmpty();
    }

    @Test
    void tellsTheAgentsRefusals() {
        // given
        agent.reply =
                "{\"status\":\"Failure\",\"code\":0,\"reason\":\"ChangeRunning\",\"message\":\"busy\"}";

        // then
        agent.code = 409;
        assertThat(restart("").code()).isEqualTo(409);
        agent.code = 401;
        assertThat(restart("").code()).as("our token, not the caller").isEqualTo(500);
        agent.stop();
        assertThat(restart("").code()).as("nobody listens").isEqualTo(503);
    }

    @Test
    void tellsWhyTheChangeFailed() {
        // given
        agent.code = 422;
        agent.reply =
                "{\"status\":\"Failure\",\"code\":422,\"reason\":\"ChangeFailed\","
                        + "\"message\":\"db: exited at once, code 3\"}";

        // when
        ApiResponse response = restart("");

        // then
        assertThat(response.code()).isEqualTo(422);
        assertThat(Requests.text(response))
                .contains("\"reason\":\"ChangeFailed\"", "db: exited at once, code 3");
    }

    @Test
    void tellsThatARequestIdWasUsedForSomethingElse() {
        // given
        agent.code = 409;
        agent.reply =
                "{\"status\":\"Failure\",\"code\":409,\"reason\":\"RequestIDReused\","
                        + "\"message\":\"the id was used for another change\"}";

        // when
        ApiResponse response = restart("{\"requestID\":\"r1\",\"mode\":\"Force\"}");

        // then
        assertThat(response.code()).isEqualTo(409);
        assertThat(Requests.text(response)).contains("\"reason\":\"AlreadyExists\"");
    }

    @Test
    void refusesValuesOutOfRange() {
        // when
        ApiResponse response = restart("{\"mode\":\"Kill\",\"gracePeriodSeconds\":-1}");

        // then
        assertThat(response.code()).isEqualTo(422);
        assertThat(Requests.text(response))
                .contains("\"field\":\"mode\"")
                .contains("\"field\":\"gracePeriodSeconds\"");
    }
}
