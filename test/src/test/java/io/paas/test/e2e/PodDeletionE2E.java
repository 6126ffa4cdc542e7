package io.paas.test.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A deleted Pod's database ends by itself and comes back with its number and data (FR-027).
@EndToEnd
@Order(6)
final class PodDeletionE2E {

    private static final Duration HEALING_LIMIT = Duration.ofSeconds(60);

    @Test
    void aPodComesBackWithItsOrdinalAndData(@TempDir Path folder) throws IOException {
        var cluster = Shared.plain().awaitRunning();
        var client = DatabaseClient.of(cluster);
        client.write("kept-", 500);
        var pod = cluster.podName(1);
        var before = cluster.pod(pod);
        var uids = cluster.uids();
        var id = client.askOne(Pods.ip(before), "cluster", "myid").strip();
        var claim = claim(before);
        var volume = volume(cluster, claim);
        var keys = client.askOne(Pods.ip(before), "dbsize").strip();
        var log = folder.resolve("log");
        var following = cluster.kubectl().start(log, "logs", "-f", pod, "-c", "main");
        Await.until("the log", Duration.ofSeconds(20), () -> !read(log).isEmpty());

        var begin = Instant.now();
        cluster.kubectl().must("delete", "pod", pod, "--wait=false");
        Await.until(
                "the old process's farewell in its log",
                Duration.ofSeconds(20),
                () -> read(log),
                text ->
                        text.contains("Received SIGTERM")
                                && text.contains("Redis is now ready to exit, bye bye"));
        following.destroy();

        var after =
                Await.until(
                        "another Pod " + pod + " to be Ready",
                        HEALING_LIMIT,
                        () -> cluster.kubectl().find("get", "pod", pod),
                        now ->
                                now != null
                                        && !Pods.uid(now).equals(Pods.uid(before))
                                        && Pods.ready(now));
        // Each node judges for itself, and one that comes back waits two seconds more.
        for (var each : cluster.podList()) {
            Await.until(
                    Pods.name(each) + " to serve",
                    HEALING_LIMIT,
                    () -> client.askOne(Pods.ip(each), "cluster", "info"),
                    info ->
                            info.contains("cluster_state:ok")
                                    && info.contains("cluster_slots_ok:16384"));
        }
        cluster.awaitRunning(HEALING_LIMIT);
        Figures.note("deletion of a Pod to a healthy cluster", Await.elapsed(begin));

        assertThat(Pods.label(after, "middleware.paas.io/ordinal")).isEqualTo("1");
        assertThat(Pods.ip(after)).as("the address").isNotEqualTo(Pods.ip(before));
        assertThat(claim(after)).isEqualTo(claim);
        assertThat(volume(cluster, claim)).isEqualTo(volume);
        assertThat(client.askOne(Pods.ip(after), "cluster", "myid").strip()).isEqualTo(id);
        assertThat(client.askOne(Pods.ip(after), "dbsize").strip()).isEqualTo(keys);
        assertThat(client.missing("kept-", 500)).isEmpty();
        everyNodeKnowsTheNewAddress(cluster, client, id, Pods.ip(after));
        uids.remove(pod);
        assertThat(cluster.uids()).as("the other Pods").containsAllEntriesOf(uids);
    }

    private static void everyNodeKnowsTheNewAddress(
            TestCluster cluster, DatabaseClient client, String id, String address) {
        for (var other : cluster.podList()) {
            var line =
                    client.askOne(Pods.ip(other), "cluster", "nodes")
                            .lines()
                            .filter(node -> node.startsWith(id))
                            .findFirst();
            assertThat(line).as("what %s says", Pods.name(other)).isPresent();
            assertThat(line.get()).contains(" " + address + ":").contains(" connected");
        }
    }

    private static String claim(com.fasterxml.jackson.databind.JsonNode pod) {
        return pod.at("/spec/volumes").findPath("persistentVolumeClaim").path("claimName").asText();
    }

    /// The claim's UID and its volume: the same name alone could be a new, empty one.
    private static String volume(TestCluster cluster, String claim) {
        var object = cluster.kubectl().json("get", "pvc", claim);
        return Pods.uid(object) + " " + object.at("/spec/volumeName").asText();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
