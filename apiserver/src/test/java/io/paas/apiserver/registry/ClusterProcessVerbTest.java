package io.paas.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.api.v1.Operation;
import io.paas.apiserver.client.Cluster;
import io.paas.apiserver.client.FakeKube;
import io.paas.apiserver.client.KubeFailure;
import io.paas.apiserver.request.ApiResponse;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterProcessVerbTest {

    private static final String NAMESPACE = "/apis/paas.io/v1/namespaces/default/";
    private static final String CLUSTER = NAMESPACE + "middlewareclusters/demo";
    private static final String OPERATIONS = NAMESPACE + "operations";
    private static final String OF_CLUSTER = "?labelSelector=middleware.paas.io%2Fcluster%3Ddemo";

    private final FakeKube kube = new FakeKube();

    @BeforeEach
    void start() {
        kube.put(CLUSTER, cluster(1, "7", ""));
        kube.put(OPERATIONS, "{\"items\":[]}");
        kube.put(NAMESPACE + "expodsets" + OF_CLUSTER, "{\"items\":[" + set() + "]}");
        pods(pod(0), pod(1));
    }

    private static String cluster(int observed, String resourceVersion, String request) {
        return """
        {"apiVersion":"paas.io/v1","kind":"MiddlewareCluster",
         "metadata":{"name":"demo","namespace":"default","uid":"c1","generation":%d,
          "resourceVersion":"%s","annotations":{%s}},
         "spec":{"type":"any","extensionVersion":"1.0.0","version":"1","topology":"cluster"},
         "status":{"observedGeneration":%d}}
        """
                .formatted(request.isEmpty() ? 1 : 2, resourceVersion, request, observed);
    }

    private static String set() {
        return """
        {"apiVersion":"paas.io/v1","kind":"ExPodSet",
         "metadata":{"name":"demo-nodes","uid":"s1","labels":{"middleware.paas.io/group":"nodes"},
          "ownerReferences":[{"uid":"c1","controller":true}]},
         "spec":{"replicas":2,"serviceName":"demo-nodes","restartOrder":[],"selector":{},
          "template":{}}}
        """;
    }

    private static String pod(int ordinal) {
        return """
        {"metadata":{"name":"demo-nodes-%1$d",
          "labels":{"middleware.paas.io/group":"nodes","middleware.paas.io/ordinal":"%1$d"},
          "ownerReferences":[{"uid":"s1","controller":true}]},
         "spec":{},"status":{"phase":"Running"}}
        """
                .formatted(ordinal);
    }

    private void pods(String... pods) {
        kube.put(
                "/api/v1/namespaces/default/pods" + OF_CLUSTER,
                "{\"items\":[" + String.join(",", pods) + "]}");
    }

    private ApiResponse call(Operation.Type type, String verb, String body) {
        return Requests.post(
                new ClusterProcessVerb(type, kube, new Cluster(kube)),
                "middlewareclusters/demo/" + verb,
                body);
    }

    @Test
    void refusesEveryVerbWhileAChangeIsNotObserved() {
        // given
        kube.put(CLUSTER, cluster(0, "7", ""));

        // when
        ApiResponse restart = call(Operation.Type.RESTART, "restart", "");
        ApiResponse some = call(Operation.Type.STOP, "stop", "{\"selector\":{\"ordinals\":[1]}}");
        ApiResponse all = call(Operation.Type.STOP, "stop", "");

        // then
        assertThat(List.of(restart.code(), some.code(), all.code())).containsOnly(409);
        assertThat(Requests.text(restart)).contains("have not yet seen its last change");
        assertThat(kube.writes).isEmpty();
    }

    @Test
    void answersADryRunWhileAChangeIsNotObserved() {
        // given
        kube.put(CLUSTER, cluster(0, "7", ""));

        // when
        ApiResponse plan = call(Operation.Type.RESTART, "restart", "{\"dryRun\":[\"All\"]}");

        // then
        assertThat(plan.code()).isEqualTo(200);
        assertThat(Requests.text(plan)).contains("\"progress\":\"0/2\"");
    }

    private static String request(String auditId) {
        return """
        "middleware.paas.io/request":"{\\"verb\\":\\"Stop\\",\\"generation\\":2,\\"user\\":\\"jane\\",
         \\"auditID\\":\\"%s\\",\\"body\\":{\\"mode\\":\\"Graceful\\",\\"maxConcurrent\\":1,
         \\"intervalSeconds\\":0}}"
        """
                .formatted(auditId)
                .replace("\n", "");
    }

    private static String operation(String name, String type) {
        return """
        {"apiVersion":"paas.io/v1","kind":"Operation","metadata":{"name":"%s"},
         "spec":{"type":"%s","cluster":"demo",
          "parameters":{"mode":"Graceful","maxConcurrent":1,"intervalSeconds":0}}}
        """
                .formatted(name, type);
    }

    private static KubeFailure noAnswer() {
        return new KubeFailure(KubeFailure.TIMEOUT, "", "kube-apiserver did not answer");
    }

    @Test
    void recognisesItsOwnPatchThatWasAppliedWithoutAnAnswer() {
        // given
        kube.duringWrite(
                () -> {
                    kube.put(CLUSTER, cluster(1, "8", request("a1")));
                    kube.put(OPERATIONS + "/demo-g2", operation("demo-g2", "Stop"));
                    throw noAnswer();
                });

        // when
        ApiResponse response = call(Operation.Type.STOP, "stop", "");

        // then
        assertThat(response.code()).isEqualTo(202);
        assertThat(Requests.text(response)).contains("\"name\":\"demo-g2\"");
        assertThat(kube.writes).hasSize(1);
    }

    @Test
    void doesNotTakeAnothersPatchForItsOwn() {
        // given
        kube.duringWrite(
                () -> {
                    kube.put(CLUSTER, cluster(1, "8", request("a2")));
                    throw noAnswer();
                });

        // when
        ApiResponse response = call(Operation.Type.STOP, "stop", "");

        // then
        assertThat(response.code()).isEqualTo(409);
    }

    @Test
    void saysThatItDoesNotKnowWhetherAWriteWasDone() {
        // when
        kube.duringWrite(
                () -> {
                    throw noAnswer();
                });
        ApiResponse stop = call(Operation.Type.STOP, "stop", "");
        kube.duringWrite(
                () -> {
                    throw noAnswer();
                });
        ApiResponse restart = call(Operation.Type.RESTART, "restart", "");

        // then
        assertThat(List.of(stop.code(), restart.code())).containsOnly(504);
        assertThat(Requests.text(restart)).contains("whether it was done is unknown");
    }

    @Test
    void findsTheOperationThatItCreatedWithoutAnAnswer() {
        // given
        kube.duringWrite(
                () -> {
                    kube.put(OPERATIONS + "/demo-r-r1", operation("demo-r-r1", "Restart"));
                    throw noAnswer();
                });

        // when
        ApiResponse response = call(Operation.Type.RESTART, "restart", "{\"requestID\":\"r1\"}");

        // then
        assertThat(response.code()).isEqualTo(202);
        assertThat(Requests.text(response)).contains("\"name\":\"demo-r-r1\"");
    }

    @Test
    void countsOnlyLivePodsThatTheClustersSetsControl() {
        // given
        String label = "\"middleware.paas.io/ordinal\":\"1\"";
        pods(
                pod(0),
                pod(1).replace(label, "\"middleware.paas.io/ordinal\":\"forged\""),
                pod(2).replace("\"s1\"", "\"another\""),
                pod(3).replace("\"Running\"", "\"Failed\""),
                pod(4).replace(",\n  \"labels\"", ",\"deletionTimestamp\":\"now\",\"labels\""),
                pod(5).replace("demo-nodes-5", "somebody"));

        // when
        ApiResponse plan = call(Operation.Type.RESTART, "restart", "{\"dryRun\":[\"All\"]}");

        // then
        assertThat(plan.code()).isEqualTo(200);
        assertThat(Requests.text(plan)).contains("Restart demo-nodes-1 | demo-nodes-0");
    }

    private void pause() {
        kube.put(CLUSTER, cluster(1, "7", "").replace("\"spec\":{", "\"spec\":{\"paused\":true,"));
    }

    @Test
    void refusesADurableStopOfAPausedCluster() {
        // given
        pause();

        // when
        ApiResponse response = call(Operation.Type.STOP, "stop", "");

        // then
        assertThat(response.code()).isEqualTo(409);
        assertThat(Requests.text(response))
                .contains("spec.paused is true")
                .contains("set it to false");
        assertThat(kube.writes).isEmpty();
    }

    @Test
    void stopsChosenPodsOfAPausedCluster() {
        // given
        pause();

        // when
        ApiResponse response =
                call(Operation.Type.STOP, "stop", "{\"selector\":{\"ordinals\":[0]}}");

        // then
        assertThat(response.code()).isEqualTo(202);
        assertThat(kube.writes).hasSize(1);
    }
}
