package io.paas.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.api.json.Json;
import io.paas.api.v1.Operation;
import io.paas.apiserver.client.Cluster;
import io.paas.apiserver.client.FakeKube;
import io.paas.apiserver.client.KubeFailure;
import io.paas.apiserver.request.ApiResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OperationRetryTest {

    private static final String NAMESPACE = "/apis/paas.io/v1/namespaces/default/";
    private static final String CLUSTER = NAMESPACE + "middlewareclusters/demo";
    private static final String OPERATIONS = NAMESPACE + "operations";
    private static final String TRANSITION =
            ",\"transition\":{\"generation\":1,\"toRevision\":\"demo-a\",\"changes\":["
                    + "{\"action\":\"Scale\",\"group\":\"nodes\",\"replicas\":5}]}";

    private final FakeKube kube = new FakeKube();
    private String first;

    @BeforeEach
    void aClusterOfTheFirstGeneration() {
        cluster(1);
        operations(operation("demo-r-1", "Restart", "", "Failed"));
        String ofCluster = "?labelSelector=middleware.paas.io%2Fcluster%3Ddemo";
        kube.put(
                NAMESPACE + "expodsets" + ofCluster,
                """
                {"items":[{"metadata":{"name":"demo-nodes","uid":"s1",
                  "labels":{"middleware.paas.io/group":"nodes"},
                  "ownerReferences":[{"uid":"c1","controller":true}]},
                 "spec":{"replicas":1,"serviceName":"demo-nodes","selector":{},"template":{}}}]}
                """);
        kube.put(
                "/api/v1/namespaces/default/pods" + ofCluster,
                """
                {"items":[{"metadata":{"name":"demo-nodes-0",
                  "ownerReferences":[{"uid":"s1","controller":true}]},
                 "spec":{},"status":{"phase":"Running"}}]}
                """);
    }

    private void cluster(int generation) {
        kube.put(
                CLUSTER,
                """
                {"apiVersion":"paas.io/v1","kind":"MiddlewareCluster",
                 "metadata":{"name":"demo","namespace":"default","uid":"c1","generation":%1$d,
                  "resourceVersion":"7"},
                 "spec":{"type":"any","extensionVersion":"1.0.0","version":"1","topology":"cluster"},
                 "status":{"observedGeneration":%1$d}}
                """
                        .formatted(generation));
    }

    private static String operation(String name, String type, String more, String phase) {
        return """
        {"apiVersion":"paas.io/v1","kind":"Operation","metadata":{"name":"%s","uid":"o-%s"},
         "spec":{"type":"%s","cluster":"demo"%s},"status":{"phase":"%s"}}
        """
                .formatted(name, name, type, more, phase);
    }

    /// The first is the one that is tried again.
    private void operations(String... operations) {
        first = Json.read(operations[0], Operation.class).metadata().getName();
        kube.put(OPERATIONS + "/" + first, operations[0]);
        kube.put(OPERATIONS, "{\"items\":[" + String.join(",", operations) + "]}");
    }

    private ApiResponse retry(String body) {
        return Requests.post(
                new OperationRetry(kube, new Cluster(kube)),
                "operations/" + first + "/retry",
                body);
    }

    @Test
    void makesAnOperationOfProcessesAnew() {
        operations(
                operation(
                        "demo-r-1",
                        "Restart",
                        ",\"parameters\":{\"ordinals\":[0],\"mode\":\"Force\"}",
                        "Failed"));

        ApiResponse response = retry("{\"requestID\":\"again\"}");

        assertThat(response.code()).isEqualTo(202);
        assertThat(Requests.text(response))
                .contains("\"name\":\"demo-r-again\"", "\"retryOf\":\"demo-r-1\"")
                .contains("\"ordinals\":[0]", "\"mode\":\"Force\"", "\"user\":\"jane\"");
        assertThat(kube.writes).containsExactly("create " + OPERATIONS);
    }

    @Test
    void tellsTheControllersToTryAChangeOfGroupsAgain() {
        operations(operation("demo-g1", "ScaleOut", TRANSITION, "Cancelled"));

        ApiResponse response = retry("");

        assertThat(response.code()).isEqualTo(202);
        assertThat(kube.writes)
                .singleElement()
                .asString()
                .startsWith("patch " + CLUSTER)
                .contains("\"path\":\"/metadata/annotations/middleware.paas.io~1retry\"")
                .contains("{\\\"auditID\\\":\\\"a1\\\",\\\"operation\\\":\\\"demo-g1\\\"")
                .doesNotContain("/spec");
    }

    @Test
    void refusesWhatIsNotLeftUndone() {
        operations(operation("demo-r-1", "Restart", "", "Succeeded"));
        ApiResponse succeeded = retry("");
        operations(operation("demo-r-1", "Restart", "", "Running"));
        ApiResponse running = retry("");
        operations(
                operation("demo-r-1", "Restart", "", "Failed"),
                operation("demo-r-2", "Restart", ",\"retryOf\":\"demo-r-1\"", "Failed"));
        ApiResponse retried = retry("");
        operations(
                operation("demo-r-1", "Restart", "", "Failed"),
                operation("demo-r-3", "Restart", "", "Running"));
        ApiResponse busy = retry("");

        assertThat(Requests.text(succeeded)).contains("it has succeeded");
        assertThat(Requests.text(running)).contains("it is not over");
        assertThat(Requests.text(retried))
                .contains("Operation \\\"demo-r-2\\\" has tried it again");
        assertThat(Requests.text(busy)).contains("Operation \\\"demo-r-3\\\" is not over");
        assertThat(kube.writes).isEmpty();
    }

    /// The spec says Running: a stop that is tried again would hold for nobody.
    @Test
    void refusesADurableStopThatTheSpecNoLongerSays() {
        operations(operation("demo-g1", "Stop", "", "Failed"));

        assertThat(Requests.text(retry(""))).contains("another processState since");
        operations(operation("demo-g1", "Start", "", "Failed"));
        assertThat(retry("").code()).isEqualTo(202);
    }

    @Test
    void refusesWhatTheControllersWouldNotFollow() {
        operations(
                operation("demo-g1", "ScaleOut", TRANSITION, "Failed"),
                operation("demo-g1-2", "ScaleOut", TRANSITION, "Succeeded"));

        assertThat(Requests.text(retry(""))).contains("Operation \\\"demo-g1-2\\\" came after it");
        assertThat(kube.writes).isEmpty();
    }

    @Test
    void refusesWhatTheSpecNoLongerAsksFor() {
        operations(operation("demo-g1", "ScaleOut", TRANSITION, "Failed"));
        cluster(2);

        ApiResponse response = retry("");

        assertThat(response.code()).isEqualTo(409);
        assertThat(Requests.text(response)).contains("from generation 1 to 2");
        assertThat(kube.writes).isEmpty();
    }

    @Test
    void repeatsItsAnswer() {
        operations(
                operation("demo-r-1", "Restart", "", "Failed"),
                operation(
                        "demo-r-again",
                        "Restart",
                        ",\"retryOf\":\"demo-r-1\",\"requestedBy\":{\"requestID\":\"again\"}",
                        "Running"));

        assertThat(retry("{\"requestID\":\"again\"}").code()).isEqualTo(202);
        assertThat(retry("").code()).isEqualTo(409);
        assertThat(kube.writes).isEmpty();
    }

    @Test
    void goesOnWhenTheClusterWasChangedMeanwhile() {
        operations(operation("demo-g1", "ScaleOut", TRANSITION, "Failed"));
        kube.duringWrite(
                () -> {
                    kube.put(
                            CLUSTER,
                            """
                            {"apiVersion":"paas.io/v1","kind":"MiddlewareCluster",
                             "metadata":{"name":"demo","namespace":"default","uid":"c1",
                              "generation":1,"resourceVersion":"8"},
                             "spec":{"type":"any"},"status":{"observedGeneration":1}}
                            """);
                    throw new KubeFailure(422, "Invalid", "the test of the patch failed");
                });

        assertThat(retry("").code()).isEqualTo(202);
        assertThat(kube.writes).hasSize(2);
    }
}
