package io.paas.test.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// All replicas, two at a time, ten seconds apart, and no primary (story 5.4, FR-024, SC-010).
@EndToEnd
@Order(5)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BatchE2E {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private TestCluster cluster;
    private List<String> replicas;

    @BeforeAll
    void aReplicaPerPrimary() {
        cluster = Shared.replicated().awaitRunning();
        replicas = cluster.podsWithRole("replica");
        assertThat(replicas).hasSize(3);
    }

    @Test
    @Order(1)
    void replicasStopInWaves() {
        var pids = cluster.pids();

        var operation =
                cluster.clusterVerb(
                        "stop",
                        """
                        {"selector": {"role": "replica"}, "maxConcurrent": 2, "intervalSeconds": 10}
                        """);
        var progress = new ArrayList<String>();
        var done = follow(operation, progress);

        assertThat(done.at("/status/phase").asText()).as("%s", done).isEqualTo("Succeeded");
        assertThat(progress).as("progress as it was seen").contains("2/3").endsWith("3/3");
        keepsInterval(steps(done));
        keepsIntervalByTheAgents();
        pids.keySet().removeAll(replicas);
        assertThat(pids).as("the primaries").hasSize(3);
        pids.forEach((pod, pid) -> assertThat(cluster.pid(pod)).as(pod).isEqualTo(pid));
        // A stop does not wait for the Pod to be not Ready, which the kubelet tells a moment later.
        Await.until(
                "the Service to have the primaries' addresses alone",
                Duration.ofSeconds(5),
                cluster::readyEndpoints,
                List.copyOf(new TreeSet<>(pids.keySet()))::equals);
    }

    @Test
    @Order(2)
    void theyStartAllAtOnceWhenAskedSo() {
        var operation =
                cluster.clusterVerb("start", "{\"maxConcurrent\": 3, \"intervalSeconds\": 0}");
        var done = cluster.awaitSucceeded(operation, LIMIT);

        cluster.awaitRunning(LIMIT);
        // The same arithmetic as above finds three at once here: it can tell the difference.
        var times = steps(done).stream().filter(step -> replicas.contains(step.pod())).toList();
        assertThat(times).as("%s", done).hasSize(3);
        assertThat(Duration.between(firstStart(times), lastStart(times))).isLessThan(INTERVAL);
    }

    @Test
    @Order(3)
    void whatWasCancelledIsTriedAgainWhenAsked() {
        cluster.awaitRunning(LIMIT);
        var operation =
                cluster.clusterVerb(
                        "restart",
                        "{\"selector\": {\"role\": \"replica\"}, \"intervalSeconds\": 5}");
        Await.until(
                "its first step",
                LIMIT,
                () -> cluster.operation(operation).at("/status/progress").asText(),
                "1/3"::equals);
        cluster.operationVerb(operation, "cancel");
        var cancelled = follow(operation, new ArrayList<>());
        assertThat(cancelled.at("/status/phase").asText()).isEqualTo("Cancelled");

        var again = cluster.operationVerb(operation, "retry");

        assertThat(again.at("/spec/retryOf").asText()).isEqualTo(operation);
        assertThat(steps(cluster.awaitSucceeded(Pods.name(again), LIMIT))).hasSize(3);
        cluster.awaitRunning(LIMIT);
    }

    /// Waits for the end, collecting each progress that could be read on the way and never seeing
    /// more than two steps at work.
    private JsonNode follow(String operation, List<String> progress) {
        return Await.until(
                "Operation " + operation + " to be over",
                LIMIT,
                () -> {
                    var now = cluster.operation(operation);
                    var text = now.at("/status/progress").asText();
                    if (!text.isEmpty() && !progress.contains(text)) {
                        progress.add(text);
                    }
                    var running =
                            Pods.elements(now.at("/status/steps"))
                                    .filter(s -> s.path("state").asText().equals("Running"));
                    assertThat(running).as("steps at work").hasSizeLessThanOrEqualTo(2);
                    return now;
                },
                TestCluster::isOver);
    }

    private record Step(String pod, Instant start, Instant finish) {}

    private static List<Step> steps(JsonNode operation) {
        return Pods.elements(operation.at("/status/steps"))
                .filter(step -> step.path("state").asText().equals("Succeeded"))
                .map(
                        step ->
                                new Step(
                                        step.path("pod").asText(),
                                        Instant.parse(step.path("startedAt").asText()),
                                        Instant.parse(step.path("finishedAt").asText())))
                .sorted(Comparator.comparing(Step::start))
                .toList();
    }

    private void keepsInterval(List<Step> steps) {
        assertThat(new HashSet<>(steps.stream().map(Step::pod).toList()))
                .isEqualTo(new HashSet<>(replicas));
        var endOfWave =
                steps.subList(0, 2).stream().map(Step::finish).max(Comparator.naturalOrder()).get();
        // Kubernetes keeps whole seconds, so a difference of ten may show as nine and a bit.
        assertThat(Duration.between(endOfWave, steps.get(2).start()))
                .as("from the first wave's end to the third start: %s", steps)
                .isGreaterThanOrEqualTo(INTERVAL.minusSeconds(1));
    }

    /// The same from the other side: when did the processes really end?
    private void keepsIntervalByTheAgents() {
        var exits =
                replicas.stream()
                        .map(pod -> cluster.process(pod).at("/lastExit/at").asText())
                        .map(Instant::parse)
                        .sorted()
                        .toList();
        assertThat(Duration.between(exits.get(0), exits.get(1)))
                .as("between the two exits of the first wave")
                .isLessThan(INTERVAL.dividedBy(2));
        assertThat(Duration.between(exits.get(1), exits.get(2)))
                .as("between the waves' exits: %s", exits)
                .isGreaterThanOrEqualTo(INTERVAL);
    }

    private static Instant firstStart(List<Step> steps) {
        return steps.getFirst().start();
    }

    private static Instant lastStart(List<Step> steps) {
        return steps.getLast().start();
    }
}
