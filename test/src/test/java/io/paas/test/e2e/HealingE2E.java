package io.paas.test.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A mistake in a template that is taken back heals by itself, whatever the update strategy.
@EndToEnd
@Order(12)
final class HealingE2E {

    private static final Duration HEALING_LIMIT = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Map<String, String> STRATEGIES =
            new TreeMap<>(
                    Map.of(
                            "ordered", "podManagementPolicy: OrderedReady",
                            "parallel", "podManagementPolicy: Parallel",
                            "partition", "updateStrategy: {partition: 1}",
                            "twice",
                                    "podManagementPolicy: Parallel\n"
                                            + "updateStrategy: {maxUnavailable: 2}",
                            "ondelete", "updateStrategy: {type: OnDelete}"));

    private Sandbox sandbox;

    @BeforeEach
    void aNamespace() {
        sandbox = Sandbox.open("healing");
    }

    @AfterEach
    void leave() {
        sandbox.close();
    }

    /// Each mistake, its reason in the status, and the way back; in a namespace each, at a time.
    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "bad image | containers/0/image | \"localhost/middleware/none:1\""
                        + " | ImagePullFailed | \"localhost/middleware/redis:7.0\"",
                "impossible affinity | nodeSelector | {\"nowhere\": \"true\"} | Unschedulable | {}",
                "huge request | containers/0/resources/requests/cpu | \"1000\""
                        + " | Unschedulable | \"5m\""
            })
    void takingItBackHeals(String mistake, String path, String wrong, String reason, String right) {
        List<PlainSet> sets = new ArrayList<>();
        STRATEGIES.forEach(
                (name, strategy) -> sets.add(PlainSet.create(sandbox.kubectl(), name, strategy)));
        sets.forEach(set -> set.awaitReady(PATIENCE));

        sets.forEach(set -> set.change("add", path, wrong));
        // With OnDelete it is the user who runs into the mistake.
        sandbox.kubectl().must("delete", "pod", "ondelete-1");
        sets.forEach(set -> awaitReason(set, reason));
        sets.forEach(
                set ->
                        assertThat(Pods.ready(set.pod(0)) || set.name().equals("twice"))
                                .as("Pod 0 of %s, which is not its turn yet", set.name())
                                .isTrue());

        Instant begin = Instant.now();
        sets.forEach(set -> set.change("add", path, right));

        sets.forEach(set -> set.awaitReady(HEALING_LIMIT));
        Figures.within(mistake + " taken back to all Ready", Await.elapsed(begin), HEALING_LIMIT);
        for (PlainSet set : sets) {
            assertThat(set.get().at("/status/pods")).as(set.name()).isEmpty();
        }
    }

    private static void awaitReason(PlainSet set, String reason) {
        Await.until(
                set.name() + " to say " + reason,
                PATIENCE,
                set::get,
                now -> Pods.elements(now.at("/status/pods")).anyMatch(row -> is(row, reason)));
    }

    private static boolean is(JsonNode row, String reason) {
        return row.path("reason").asText().equals(reason);
    }
}
