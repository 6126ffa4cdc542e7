package io.paas.test.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/// One Pod's process is stopped, started, killed; the Pod never notices (story 5, FR-019 to 025).
@EndToEnd
@Order(3)
final class ProcessE2E {

    private static final Duration VERB_LIMIT = Duration.ofSeconds(10);
    private static final Duration ENDPOINT_LIMIT = Duration.ofSeconds(3);
    private static final Duration RESPAWN_LIMIT = Duration.ofSeconds(3);
    private static final Duration AGENT_LIMIT = Duration.ofSeconds(5);

    private TestCluster cluster;
    private String pod;
    private JsonNode before;

    @BeforeEach
    void aRunningPod() {
        cluster = Shared.plain().awaitRunning();
        pod = cluster.podName(2);
        before = cluster.pod(pod);
    }

    @Test
    void gracefulStopAndStart() {
        var terms = count(cluster.log(pod), "Received SIGTERM");
        var pid = cluster.pid(pod);
        assertThat(cluster.readyEndpoints()).contains(pod);

        var begin = Instant.now();
        var stopped =
                cluster.podVerb(pod, "stop", "{\"mode\":\"Graceful\",\"gracePeriodSeconds\":30}");
        Figures.within("graceful stop of one process (SC-009)", Await.elapsed(begin), VERB_LIMIT);
        assertThat(stopped.path("oldPid").asInt()).as("%s", stopped).isEqualTo(pid);
        Await.until(
                "the Service to drop the stopped Pod",
                Duration.ofSeconds(10),
                cluster::readyEndpoints,
                ready -> !ready.contains(pod));
        var dropped = Instant.now();
        var process = cluster.process(pod);
        Figures.within(
                "end of the process to its address's end in the Service (FR-023)",
                Duration.between(exitOf(process), dropped),
                ENDPOINT_LIMIT);
        assertThat(cluster.endpoints()).as("still in the slice, as not ready").contains(pod);

        assertThat(process.path("state").asText()).as("%s", process).isEqualTo("Stopped");
        assertThat(process.path("desiredState").asText()).isEqualTo("Stopped");
        assertThat(process.at("/lastExit/exitCode").asInt(-1)).as("%s", process).isZero();
        assertThat(count(cluster.log(pod), "Received SIGTERM")).isEqualTo(terms + 1);
        Await.whileFor(
                "the Pod to stay Running, not Ready and unrestarted",
                Duration.ofSeconds(2),
                () -> cluster.pod(pod),
                now -> Pods.phase(now).equals("Running") && !Pods.ready(now));
        unrestarted();

        begin = Instant.now();
        var started = cluster.podVerb(pod, "start", "{}");
        Figures.within("start of one process (SC-009)", Await.elapsed(begin), VERB_LIMIT);
        assertThat(started.path("newPid").asInt()).as("%s", started).isNotIn(0, pid);
        Await.until(
                "the started Pod to be Ready and in the Service",
                VERB_LIMIT,
                cluster::readyEndpoints,
                ready -> ready.contains(pod));
        unrestarted();
    }

    @Test
    void forcedStopKills() {
        var terms = count(cluster.log(pod), "Received SIGTERM");

        cluster.podVerb(pod, "stop", "{\"mode\":\"Force\"}");

        var process = cluster.process(pod);
        assertThat(process.path("state").asText()).as("%s", process).isEqualTo("Stopped");
        assertThat(process.at("/lastExit/signal").asInt())
                .as("SIGKILL in %s", process)
                .isEqualTo(9);
        assertThat(count(cluster.log(pod), "Received SIGTERM")).isEqualTo(terms);
        cluster.podVerb(pod, "start", "{}");
        unrestarted();
    }

    @Test
    void aProcessThatDiesIsBackAtOnce() {
        var pid = cluster.pid(pod);
        var restarts = cluster.process(pod).path("restarts").asInt();
        var rest = Rest.as(cluster.kubectl().kubeconfig());

        var begin = Instant.now();
        inContainer("main", "kill -9 " + pid);
        Await.until(
                "another process",
                Duration.ofSeconds(10),
                () -> rest.get(cluster.podPath(pod, "process")).body(),
                process -> process.path("pid").asInt(pid) != pid);
        Figures.within(
                "death of the process to its successor (SC-012)",
                Await.elapsed(begin),
                RESPAWN_LIMIT);

        var process = cluster.process(pod);
        assertThat(process.path("restarts").asInt()).as("%s", process).isEqualTo(restarts + 1);
        unrestarted();
    }

    @Test
    void theDatabaseOutlivesItsAgent() {
        var pid = cluster.pid(pod);
        var rest = Rest.as(cluster.kubectl().kubeconfig());
        try (var watch = PodWatch.open(rest, cluster.sandbox().name())) {
            var java =
                    "for p in /proc/[0-9]*; do if read -r c <$p/comm && [ \"$c\" = java ]; then "
                            + "kill -9 ${p#/proc/} && echo killed; fi; done";
            assertThat(inContainer("agent", java)).contains("killed");
            var begin = Instant.now();
            Await.until(
                    "the agent to be gone",
                    Duration.ofSeconds(2),
                    () -> rest.get(cluster.podPath(pod, "process")).code(),
                    code -> code != 200);
            var answer =
                    Await.until(
                            "the agent to answer again",
                            Duration.ofSeconds(20),
                            () -> rest.get(cluster.podPath(pod, "process")),
                            reply -> reply.code() == 200);
            Figures.within("death of an agent to its answers", Await.elapsed(begin), AGENT_LIMIT);
            assertThat(answer.body().path("pid").asInt()).isEqualTo(pid);
            Await.pause(Duration.ofSeconds(2));
            assertThat(watch.of(pod)).allMatch(event -> Pods.ready(event.pod()));
            assertThat(Pods.ready(cluster.pod(pod))).isTrue();
            // The watch is alive: it sees a write that does happen.
            cluster.kubectl().must("annotate", "pod", pod, "e2e.example/seen=yes", "--overwrite");
            Await.until("the watch's event", VERB_LIMIT, () -> !watch.of(pod).isEmpty());
            unrestarted();
        }
    }

    private String inContainer(String container, String script) {
        return cluster.kubectl().must("exec", pod, "-c", container, "--", "sh", "-c", script);
    }

    private void unrestarted() {
        var now = cluster.pod(pod);
        assertThat(Pods.uid(now)).isEqualTo(Pods.uid(before));
        assertThat(Pods.containerIds(now)).isEqualTo(Pods.containerIds(before));
        assertThat(Pods.restartCount(now)).isZero();
    }

    private static Instant exitOf(JsonNode process) {
        return Instant.parse(process.at("/lastExit/at").asText());
    }

    private static int count(String text, String part) {
        return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
    }
}
