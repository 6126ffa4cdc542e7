package io.paas.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.api.v1.Operation;
import io.paas.apiserver.authentication.UserInfo;
import io.paas.apiserver.client.Cluster;
import io.paas.apiserver.client.FakeKube;
import io.paas.apiserver.request.ApiRequest;
import io.paas.apiserver.request.ApiResponse;
import io.paas.apiserver.request.Failure;
import io.paas.apiserver.request.Headers;
import io.paas.apiserver.request.RequestInfo;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterProcessVerbTest {

    private static final String OURS = "/apis/paas.io/v1/namespaces/default/";
    private static final String SELECTOR = "?labelSelector=middleware.paas.io%2Fcluster%3Ddemo";

    private final FakeKube kube = new FakeKube();

    @BeforeEach
    void aPausedClusterOfOnePod() {
        kube.put(
                OURS + "middlewareclusters/demo",
                """
                {"metadata": {"name": "demo", "namespace": "default", "uid": "u1", "generation": 1,
                              "resourceVersion": "7"},
                 "spec": {"type": "any", "extensionVersion": "1.0.0", "version": "1",
                          "topology": "cluster", "paused": true},
                 "status": {"observedGeneration": 1}}
                """);
        kube.put(OURS + "operations", "{\"items\": []}");
        kube.put(
                OURS + "expodsets" + SELECTOR,
                """
                {"items": [{"metadata": {"name": "demo-nodes",
                                         "labels": {"middleware.paas.io/group": "nodes"}},
                            "spec": {"replicas": 1, "serviceName": "demo-nodes"}}]}
                """);
        kube.put(
                "/api/v1/namespaces/default/pods" + SELECTOR,
                """
                {"items": [{"metadata": {"name": "demo-nodes-0",
                                         "labels": {"middleware.paas.io/group": "nodes",
                                                    "middleware.paas.io/ordinal": "0"}}}]}
                """);
    }

    private ApiResponse stop(String body) {
        String path = "/apis/middleware.paas.io/v1/namespaces/default/middlewareclusters/demo/stop";
        ApiRequest request =
                new ApiRequest(
                        "POST",
                        path,
                        Map.of(),
                        Headers.NONE,
                        body.getBytes(StandardCharsets.UTF_8),
                        List.of());
        UserInfo jane = new UserInfo("jane", "", List.of(), Map.of());
        try {
            return new ClusterProcessVerb(Operation.Type.STOP, kube, new Cluster(kube))
                    .answer(new Call(request, RequestInfo.of("POST", path), jane, "audit-1"));
        } catch (Failure e) {
            return e.toResponse();
        }
    }

    private static String text(ApiResponse response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void refusesADurableStopOfAPausedCluster() {
        // when
        ApiResponse response = stop("");

        // then
        assertThat(response.code()).isEqualTo(409);
        assertThat(text(response)).contains("spec.paused is true").contains("set it to false");
        assertThat(kube.writes).isEmpty();
    }

    @Test
    void stopsChosenPodsOfAPausedCluster() {
        // when
        ApiResponse response = stop("{\"selector\": {\"ordinals\": [0]}}");

        // then
        assertThat(response.code()).isEqualTo(202);
        assertThat(kube.writes).hasSize(1);
    }
}
