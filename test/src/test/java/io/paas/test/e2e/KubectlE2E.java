package io.paas.test.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The tools that users have already answer right, and on a terminal's width.
@EndToEnd
@Order(7)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KubectlE2E {

    private static final int TERMINAL = 100;

    private TestCluster cluster;
    private Kubectl kubectl;

    @BeforeAll
    void aCluster() {
        cluster = Shared.plain().awaitRunning();
        kubectl = cluster.kubectl();
    }

    @Test
    void getShowsAllKinds() {
        cluster.awaitSucceeded(
                cluster.clusterVerb("restart", "{\"selector\":{\"ordinals\":[0]}}"),
                Duration.ofSeconds(60));
        // The kubelet may report the moment without a process after the Operation has ended.
        cluster.awaitRunning();

        var table = kubectl.must("get", "mwc,eps,mwop,mwext");

        assertThat(table)
                .contains("middlewarecluster.paas.io/plain")
                .contains("expodset.paas.io/plain-nodes")
                .contains("operation.paas.io/")
                .contains("extension.paas.io/redis-1.0.0");
        assertThat(table).containsPattern("plain +redis +7\\.0 +1\\.0\\.0 +Running +3/3");
        assertThat(table).containsPattern("Restart +plain +Succeeded +1/1");
        assertThat(table).containsPattern("redis +1\\.0\\.0 +True");
        assertThat(table.lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(TERMINAL));
    }

    @Test
    void explainTellsWhatAFieldIs() {
        assertThat(kubectl.must("explain", "mwc.spec"))
                .contains("KIND:       MiddlewareCluster")
                .containsPattern("extensionVersion\\s+<string> -required-")
                .contains("Version of the extension that runs this cluster.");
        assertThat(kubectl.must("explain", "mwop.spec.control")).contains("Pause");
        assertThat(kubectl.run("explain", "mwc.spec.nonsense").ok()).isFalse();
    }

    @Test
    void apiResourcesListTheKinds() {
        assertThat(kubectl.must("api-resources", "--api-group=paas.io"))
                .containsPattern("middlewareclusters +mwc +paas.io/v1 +true +MiddlewareCluster")
                .containsPattern("expodsets +eps +paas.io/v1 +true +ExPodSet")
                .containsPattern("operations +mwop +paas.io/v1 +true +Operation")
                .containsPattern("extensions +mwext +paas.io/v1 +false +Extension");
        assertThat(kubectl.must("get", "--raw", "/apis/middleware.paas.io/v1"))
                .contains("\"pods/restart\"", "\"pods/process\"", "\"middlewareclusters/stop\"")
                .doesNotContain("\"middlewareclusters/upgrade\"");
    }

    @Test
    void canIAnswersForTheVerb() {
        var scoped =
                cluster.sandbox().account("asker", "create", "pods.middleware.paas.io/restart");
        var other = cluster.sandbox().account("bystander", "get", "pods");

        assertThat(mayRestart(scoped)).isEqualTo("yes");
        assertThat(mayRestart(other)).isEqualTo("no");
        assertThat(
                        scoped.run(
                                        "auth",
                                        "can-i",
                                        "create",
                                        "pods.middleware.paas.io",
                                        "--subresource=stop")
                                .out())
                .startsWith("no");
        assertThat(mayRestart(scoped.in("default"))).isEqualTo("no");
    }

    @Test
    void waitEndsWhenTheClusterIsReady() {
        kubectl.must("wait", "mwc/plain", "--for=condition=Ready", "--timeout=10s");
        assertThat(kubectl.run("wait", "mwc/plain", "--for=condition=Stalled", "--timeout=1s").ok())
                .isFalse();
    }

    private static String mayRestart(Kubectl user) {
        return user.run(
                        "auth",
                        "can-i",
                        "create",
                        "pods.middleware.paas.io",
                        "--subresource=restart")
                .out()
                .strip();
    }
}
