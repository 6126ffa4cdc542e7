package io.paas.test.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What a kubelet can change in a running Pod is changed there.
@EndToEnd
@Order(13)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class InPlaceE2E {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Sandbox sandbox;
    private PlainSet set;

    @BeforeAll
    void aSet() {
        sandbox = Sandbox.open("inplace");
        set = PlainSet.create(sandbox.kubectl(), "plain", "podManagementPolicy: Parallel");
        set.awaitReady(LIMIT);
    }

    @AfterAll
    void leave() {
        sandbox.close();
    }

    @Test
    @Order(1)
    void aSidecarsImageRestartsThatContainerAlone() {
        var before = set.pod(1);

        set.change("replace", "containers/1/image", "\"localhost/middleware/redis:6.0\"");
        set.awaitReady(LIMIT);

        var after = set.pod(1);
        assertThat(Pods.uid(after)).isEqualTo(Pods.uid(before));
        assertThat(Pods.containerIds(after).get("main"))
                .isEqualTo(Pods.containerIds(before).get("main"));
        assertThat(Pods.containerIds(after).get("side"))
                .isNotEqualTo(Pods.containerIds(before).get("side"));
        assertThat(Pods.label(after, "controller-revision-hash"))
                .isEqualTo(set.get().at("/status/updateRevision").asText());
    }

    @Test
    @Order(2)
    void cpuAndMemoryChangeWithoutAnyRestart() {
        var before = set.pod(1);

        set.change("replace", "containers/0/resources/requests/cpu", "\"7m\"");
        set.change("replace", "containers/0/resources/requests/memory", "\"9Mi\"");
        set.awaitReady(LIMIT);

        var after = set.pod(1);
        assertThat(Pods.uid(after)).isEqualTo(Pods.uid(before));
        assertThat(Pods.containerIds(after)).isEqualTo(Pods.containerIds(before));
        assertThat(after.at("/spec/containers/0/resources/requests/cpu").asText()).isEqualTo("7m");
        assertThat(after.at("/spec/containers/0/resources/requests/memory").asText())
                .isEqualTo("9Mi");
    }
}
