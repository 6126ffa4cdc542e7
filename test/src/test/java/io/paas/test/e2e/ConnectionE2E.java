package io.paas.test.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Four fields make a cluster that a client can use through what is printed (story 1, FR-001).
@EndToEnd
@Order(1)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConnectionE2E {

    private static final int KEYS = 10_000;

    /// Story 1.
    private static final Duration STORY_LIMIT = Duration.ofMinutes(5);

    /// With the images loaded.
    private static final Duration CREATION_GOAL = Duration.ofSeconds(60);

    private Sandbox sandbox;
    private TestCluster old;

    @BeforeAll
    void createAll() {
        var begin = Instant.now();
        Shared.plain().awaitRunning(STORY_LIMIT);
        Figures.within("three Pods from create to Running", Await.elapsed(begin), CREATION_GOAL);
        Shared.replicated();
        sandbox = Sandbox.open("old");
        old = TestCluster.apply(sandbox, "old", 3, TestCluster.yaml("old", "6.0", ""));
    }

    @AfterAll
    void leave() {
        sandbox.close();
    }

    @Test
    @Order(1)
    void tenThousandKeysSpreadOverAllPrimaries() {
        writeAndRead(Shared.plain(), KEYS, 3);
    }

    @Test
    @Order(2)
    void tenThousandKeysBehindAPassword() {
        var cluster = Shared.replicated().awaitRunning();
        var client = writeAndRead(cluster, KEYS, 3);
        assertThat(cluster.podsWithRole("replica")).hasSize(3);

        var ping = "env -u REDISCLI_AUTH redis-cli -h \"$0\" -p \"$1\" get row-0";
        var call = new java.util.ArrayList<>(List.of("sh", "-c", ping));
        call.addAll(client.address());
        assertThat(client.exec("", call)).as("the answer without a password").contains("NOAUTH");
    }

    @Test
    @Order(3)
    void theOldVersionServesToo() {
        writeAndRead(old.awaitRunning(), 300, 3);
        assertThat(old.log(old.podName(0))).contains("Redis version=6.0.");
    }

    private static DatabaseClient writeAndRead(TestCluster cluster, int keys, int primaries) {
        var client = DatabaseClient.of(cluster);
        assertThat(client.info())
                .containsEntry("cluster_state", "ok")
                .containsEntry("cluster_slots_assigned", "16384")
                .containsEntry("cluster_slots_ok", "16384")
                .containsEntry("cluster_known_nodes", String.valueOf(cluster.pods()))
                .containsEntry("cluster_size", String.valueOf(primaries));

        client.write("row-", keys);
        assertThat(client.missing("row-", keys)).isEmpty();
        assertThat(client.missing("never-written-", 1)).as("a key nobody wrote").hasSize(1);

        var sizes =
                cluster.podList().stream()
                        .filter(pod -> Pods.label(pod, "middleware.paas.io/role").equals("primary"))
                        .map(pod -> Integer.parseInt(client.askOne(Pods.ip(pod), "dbsize").strip()))
                        .toList();
        assertThat(sizes).as("keys per primary").hasSize(primaries).allMatch(size -> size > 0);
        assertThat(sizes.stream().mapToInt(size -> size).sum()).isEqualTo(keys);
        return client;
    }
}
