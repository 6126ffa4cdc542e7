package io.paas.test.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/// Status is told, not remembered: whoever wipes it all changes no Pod (design: decisions live in
/// ControllerRevisions).
@EndToEnd
@Order(11)
final class StatusLossE2E {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String NOTHING = "{\"status\":null}";

    private TestCluster cluster;
    private Kubectl kubectl;

    @BeforeEach
    void aCluster() {
        cluster = Shared.plain().awaitRunning();
        kubectl = cluster.kubectl();
    }

    @Test
    void statusesReturnWithoutAWriteToAPod() {
        var restart = cluster.clusterVerb("restart", "{\"selector\":{\"ordinals\":[2]}}");
        cluster.awaitSucceeded(restart, LIMIT);
        cluster.awaitRunning(LIMIT);
        var pids = cluster.pids();
        var uids = cluster.uids();
        // The restarted database's role and readiness have been written by now.
        Await.pause(Duration.ofSeconds(3));

        try (var watch = PodWatch.open(Rest.as(kubectl.kubeconfig()), cluster.sandbox().name())) {
            for (var kind : new String[] {"mwext", "mwop", "eps", "mwc"}) {
                for (var name : Pods.names(kubectl.json("get", kind))) {
                    wipe(kind, name);
                }
            }
            cluster.awaitRunning(LIMIT);
            Await.until(
                    "the ExPodSet's status",
                    LIMIT,
                    () -> kubectl.json("get", "eps", "plain-nodes"),
                    set -> set.at("/status/readyReplicas").asInt() == 3);
            Await.until(
                    "the Extension's status",
                    LIMIT,
                    () -> kubectl.json("get", "mwext", "redis-1.0.0"),
                    extension -> Pods.condition(extension, "Valid").equals("True"));
            Await.until(
                    "the Operation's status",
                    LIMIT,
                    () -> cluster.operation(restart).at("/status/phase").asText(),
                    "Succeeded"::equals);
            Await.pause(Duration.ofSeconds(3));
            assertThat(watch.events()).as("writes to Pods").isEmpty();

            // The watch is alive: it sees a write that does happen.
            kubectl.must(
                    "annotate", "pod", cluster.podName(0), "e2e.example/seen=yes", "--overwrite");
            Await.until("the watch's event", LIMIT, () -> watch.events().size() == 1);
        }
        assertThat(cluster.uids()).isEqualTo(uids);
        assertThat(cluster.pids()).as("after the statuses returned").isEqualTo(pids);
    }

    private void wipe(String kind, String name) {
        kubectl.must("patch", kind, name, "--subresource=status", "--type=merge", "-p", NOTHING);
    }
}
