package io.paas.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.apiserver.client.Cluster;
import io.paas.apiserver.client.FakeKube;
import io.paas.apiserver.client.KubeFailure;
import io.paas.apiserver.request.ApiResponse;
import io.paas.apiserver.request.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ClusterScaleVerbTest {

    private static final String NAMESPACE = "/apis/paas.io/v1/namespaces/default/";
    private static final String CLUSTER = NAMESPACE + "middlewareclusters/demo";
    private static final String OF_CLUSTER = "?labelSelector=middleware.paas.io%2Fcluster%3Ddemo";

    private final FakeKube kube = new FakeKube();
    private FakeAgent agent;

    @BeforeEach
    void start() throws IOException {
        agent = new FakeAgent();
        agent.reply = "{\"status\":\"Success\",\"code\":200,\"message\":\"done\"}";
        runs("");
    }

    @AfterEach
    void stop() {
        agent.stop();
    }

    /// Five Pods, of which the spec says nothing unless told.
    private void runs(String dynamicGroups) {
        String cluster =
                """
                {"apiVersion":"paas.io/v1","kind":"MiddlewareCluster",
                 "metadata":{"name":"demo","namespace":"default","uid":"c1","generation":1,
                  "resourceVersion":"7"},
                 "spec":{"type":"any","extensionVersion":"1.0.0","version":"1","topology":"cluster",
                  "dynamicGroups":[%s]},
                 "status":{"observedGeneration":1}}
                """
                        .formatted(dynamicGroups);
        kube.put(CLUSTER, cluster);
        kube.put(CLUSTER + "?dryRun=All", cluster);
        kube.put(NAMESPACE + "operations", "{\"items\":[]}");
        kube.put(
                NAMESPACE + "operations/demo-g1",
                """
                {"apiVersion":"paas.io/v1","kind":"Operation",
                 "metadata":{"name":"demo-g1","uid":"o1"},
                 "spec":{"type":"ScaleIn","cluster":"demo"}}
                """);
        kube.put(
                NAMESPACE + "expodsets" + OF_CLUSTER,
                """
                {"items":[{"apiVersion":"paas.io/v1","kind":"ExPodSet",
                 "metadata":{"name":"demo-nodes","uid":"s1",
                  "labels":{"middleware.paas.io/group":"nodes"},
                  "ownerReferences":[{"uid":"c1","controller":true}]},
                 "spec":{"replicas":5,"serviceName":"demo-nodes","selector":{},"template":{},
                  "hooks":{"preScaleIn":{"parameters":{"copies":"1"}}}}}]}
                """);
        pods(true);
    }

    private void pods(boolean ready) {
        kube.put(
                "/api/v1/namespaces/default/pods" + OF_CLUSTER,
                IntStream.range(0, 5)
                        .mapToObj(ordinal -> pod(ordinal, ready))
                        .collect(Collectors.joining(",", "{\"items\":[", "]}")));
    }

    private static String pod(int ordinal, boolean ready) {
        return """
        {"metadata":{"name":"demo-nodes-%1$d","namespace":"default","uid":"p%1$d",
          "labels":{"middleware.paas.io/group":"nodes","middleware.paas.io/role":"primary"},
          "ownerReferences":[{"uid":"s1","controller":true}]},
         "spec":{"subdomain":"demo-nodes"},
         "status":{"phase":"Running","podIP":"127.0.0.1",
          "conditions":[{"type":"Ready","status":"%2$s"}]}}
        """
                .formatted(ordinal, ready ? "True" : "False");
    }

    private ApiResponse scale(String body) {
        return Requests.post(
                new ClusterScaleVerb(kube, new Cluster(kube), agent.client()),
                "middlewareclusters/demo/scale",
                body);
    }

    private List<String> changes() {
        return kube.writes.stream().filter(write -> !write.contains("dryRun")).toList();
    }

    @Test
    void takesANamedOrdinalOut() throws IOException {
        ApiResponse response = scale("{\"group\":\"nodes\",\"removeOrdinals\":[2]}");

        assertThat(response.code()).isEqualTo(202);
        assertThat(Requests.text(response)).contains("\"name\":\"demo-g1\"");
        assertThat(changes())
                .singleElement()
                .asString()
                .contains("{\"name\":\"nodes\",\"offlineOrdinals\":[\"2\"],\"replicas\":4}");
        assertThat(agent.calls).containsExactly("/check-scale-in");
        JsonNode parameters = Trees.parse(agent.bodies.getFirst().getBytes(StandardCharsets.UTF_8));
        assertThat(parameters.path("leaving")).hasToString("[2]");
        assertThat(parameters.path("members")).hasSize(5);
        assertThat(parameters.at("/members/4/host").asText())
                .isEqualTo("demo-nodes-4.demo-nodes.default.svc");
        assertThat(parameters.at("/topologyParameters/copies").asText()).isEqualTo("1");
    }

    @Test
    void aDryRunAnswersThePlanAndWritesNothing() {
        ApiResponse response =
                scale("{\"group\":\"nodes\",\"removeOrdinals\":[2],\"dryRun\":[\"All\"]}");

        assertThat(response.code()).isEqualTo(200);
        assertThat(Requests.text(response))
                .contains("Scale-nodes", "5 -> 4 Pods; ordinal 2 leaves, its claims are kept");
        assertThat(changes()).isEmpty();
    }

    @Test
    void bringsAnOrdinalBackWithoutAskingAnybody() {
        runs("{\"name\":\"nodes\",\"replicas\":4,\"offlineOrdinals\":[\"2\"]}");

        assertThat(scale("{\"group\":\"nodes\",\"restoreOrdinals\":[2]}").code()).isEqualTo(202);

        assertThat(changes())
                .singleElement()
                .asString()
                .contains("[{\"name\":\"nodes\",\"replicas\":5}]");
        assertThat(agent.calls).isEmpty();
    }

    @Test
    void whatTheExtensionRefusesIsNotWritten() {
        agent.code = 412;
        agent.reply = "{\"status\":\"Failure\",\"code\":412,\"message\":\"no room for 300 MiB\"}";

        ApiResponse response = scale("{\"group\":\"nodes\",\"removeOrdinals\":[2]}");

        assertThat(response.code()).isEqualTo(409);
        assertThat(Requests.text(response)).contains("demo-nodes-0 says: no room for 300 MiB");
        assertThat(changes()).isEmpty();
    }

    @Test
    void whoCannotBeAskedDoesNotAllow() {
        agent.code = 503;
        agent.reply =
                "{\"status\":\"Failure\",\"code\":503,\"message\":\"demo-nodes-3 is silent\"}";
        assertThat(scale("{\"group\":\"nodes\",\"removeOrdinals\":[2]}").code()).isEqualTo(503);

        pods(false);
        ApiResponse nobody = scale("{\"group\":\"nodes\",\"replicas\":4}");

        assertThat(nobody.code()).isEqualTo(409);
        assertThat(Requests.text(nobody)).contains("no Pod that stays is Ready");
        assertThat(changes()).isEmpty();
    }

    @Test
    void anExtensionWithoutTheCheckAllows() {
        agent.code = 404;
        agent.reply = "{\"status\":\"Failure\",\"code\":404,\"message\":\"no API of that name\"}";

        assertThat(scale("{\"group\":\"nodes\",\"replicas\":3}").code()).isEqualTo(202);
    }

    @Test
    void whatAdmissionRefusesIsNotAsked() {
        kube.duringWrite(
                () -> {
                    throw new KubeFailure(422, "Invalid", "at least 3 masters are needed");
                });

        ApiResponse response = scale("{\"group\":\"nodes\",\"replicas\":2}");

        assertThat(response.code()).isEqualTo(422);
        assertThat(Requests.text(response)).contains("at least 3 masters are needed");
        assertThat(agent.calls).isEmpty();
        assertThat(changes()).isEmpty();
    }

    @Test
    void refusesWhatFitsNothing() {
        ApiResponse unknown = scale("{\"group\":\"other\",\"replicas\":4}");
        ApiResponse ordinal = scale("{\"group\":\"nodes\",\"removeOrdinals\":[7]}");
        ApiResponse empty = scale("{\"group\":\"nodes\"}");
        ApiResponse large = scale("{\"group\":\"nodes\",\"replicas\":1001}");
        ApiResponse many =
                scale("{\"group\":\"nodes\",\"removeOrdinals\":[" + "0,".repeat(256) + "0]}");
        ApiResponse nowhere = scale("{\"replicas\":4}");

        assertThat(
                        List.of(
                                unknown.code(),
                                ordinal.code(),
                                empty.code(),
                                large.code(),
                                many.code(),
                                nowhere.code()))
                .containsOnly(422);
        assertThat(Requests.text(many)).contains("has 257 items; at most 256");
        assertThat(Requests.text(nowhere)).contains("FieldValueRequired");
        assertThat(Requests.text(unknown)).contains("no group of the cluster; its groups: nodes");
        assertThat(Requests.text(ordinal)).contains("ordinal 7 does not exist; the group runs 0-4");
        assertThat(Requests.text(empty)).contains("exactly one of");
        assertThat(Requests.text(large)).contains("must be from 0 to 1000");
        assertThat(kube.writes).isEmpty();
    }

    private void clusterSays(String annotations, String conditions) {
        kube.put(
                CLUSTER,
                """
                {"apiVersion":"paas.io/v1","kind":"MiddlewareCluster",
                 "metadata":{"name":"demo","namespace":"default","uid":"c1","generation":1,
                  "resourceVersion":"7","annotations":{%s}},
                 "spec":{"type":"any","extensionVersion":"1.0.0","version":"1","topology":"cluster"},
                 "status":{"observedGeneration":1,"conditions":[%s]}}
                """
                        .formatted(annotations, conditions));
    }

    @Test
    void whatTheSpecSaysAndNobodyBroughtAboutIsNotDone() {
        clusterSays(
                "\"middleware.paas.io/held\":\"{\\\"generation\\\":1,\\\"operation\\\":\\\"demo-g1\\\","
                        + "\\\"reason\\\":\\\"StepFailed\\\"}\"",
                "");

        ApiResponse same = scale("{\"group\":\"nodes\",\"replicas\":5}");
        ApiResponse other = scale("{\"group\":\"nodes\",\"replicas\":6}");

        assertThat(same.code()).isEqualTo(409);
        assertThat(Requests.text(same)).contains("demo-g1", "StepFailed", "use its verb retry");
        assertThat(other.code()).isEqualTo(202);
    }

    @Test
    void aSpecThatIsNotFollowedComesFirst() {
        clusterSays(
                "",
                "{\"type\":\"Stalled\",\"status\":\"True\",\"reason\":\"UpgradeNotSupported\","
                        + "\"message\":\"cannot change version\"}");

        ApiResponse response = scale("{\"group\":\"nodes\",\"replicas\":6}");

        assertThat(response.code()).isEqualTo(409);
        assertThat(Requests.text(response)).contains("not followed: cannot change version");
    }

    @Test
    void theSizeThatIsThereIsNothingToDo() {
        ApiResponse response = scale("{\"group\":\"nodes\",\"replicas\":5}");

        assertThat(response.code()).isEqualTo(200);
        assertThat(Requests.text(response)).contains("nothing to do", "Succeeded");
        assertThat(kube.writes).isEmpty();
    }
}
