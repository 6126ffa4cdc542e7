package io.paas.test.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A cluster that a user stopped stays stopped: across a Pod's deletion and across an apply of the
/// file it was made from. `docs/concepts.md` promises both.
@EndToEnd
@Order(4)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DurableStopE2E {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private TestCluster cluster;
    private DatabaseClient client;

    @BeforeAll
    void dataInIt() {
        cluster = Shared.plain().awaitRunning();
        client = DatabaseClient.of(cluster);
        client.write("stopped-", 100);
    }

    @Test
    @Order(1)
    void stopsAllProcessesAndNoPod() {
        var uids = cluster.uids();

        var operation = cluster.clusterVerb("stop", "{\"maxConcurrent\":3}");
        cluster.awaitSucceeded(operation, LIMIT);

        Await.until("phase Stopped", LIMIT, cluster::phase, "Stopped"::equals);
        assertThat(cluster.uids()).isEqualTo(uids);
        assertThat(cluster.podList()).noneMatch(Pods::ready);
        assertThat(wanted()).isEqualTo("Stopped");
    }

    @Test
    @Order(2)
    void aNewPodObeysTheStop() {
        var pod = cluster.podName(1);
        var uid = Pods.uid(cluster.pod(pod));

        cluster.kubectl().must("delete", "pod", pod, "--wait=true");
        awaitRunningContainers(pod, uid);

        Await.whileFor(
                "the new Pod's process to stay stopped",
                Duration.ofSeconds(5),
                () -> cluster.process(pod),
                process ->
                        process.path("state").asText().equals("Stopped")
                                && !process.path("pid").isInt()
                                && !process.has("lastExit"));
    }

    @Test
    @Order(3)
    void anApplyOfTheOriginalFileLeavesIt() {
        var original = TestCluster.yaml(cluster.name(), "7.0", "");
        cluster.kubectl().mustInput(original, "apply", "-f", "-");
        assertThat(wanted()).as("after a client-side apply").isEqualTo("Stopped");
        cluster.kubectl()
                .mustInput(original, "apply", "--server-side", "--force-conflicts", "-f", "-");
        assertThat(wanted()).as("after a server-side apply").isEqualTo("Stopped");
        Await.whileFor(
                "all processes to stay stopped",
                Duration.ofSeconds(3),
                cluster::podList,
                pods -> pods.stream().noneMatch(Pods::ready));
    }

    @Test
    @Order(4)
    void aFileThatSaysRunningTakesOver() {
        var running =
                TestCluster.yaml(
                        cluster.name(),
                        "7.0",
                        "dynamicGroups: [{name: nodes, processState: Running}]");
        var apply = new String[] {"apply", "--server-side", "--field-manager=git", "-f", "-"};

        var conflict = cluster.kubectl().input(running, apply);
        assertThat(conflict.exitCode()).as("%s", conflict).isNotZero();
        assertThat(conflict.err()).contains("processState").contains("conflict");
        assertThat(wanted()).isEqualTo("Stopped");

        cluster.kubectl()
                .mustInput(
                        running,
                        "apply",
                        "--server-side",
                        "--field-manager=git",
                        "--force-conflicts",
                        "-f",
                        "-");
        cluster.awaitRunning(LIMIT);
        client.awaitHealthy(LIMIT);
        assertThat(client.missing("stopped-", 100)).isEmpty();
    }

    @Test
    @Order(5)
    void aVerbWarnsWhenAFileOwnsTheField() {
        var stopped =
                cluster.verb(
                        cluster.kubectl(), cluster.clusterPath("stop"), "{\"maxConcurrent\":3}");
        assertThat(stopped.exitCode()).as("%s", stopped).isZero();
        assertThat(stopped.err()).contains("Warning").contains("git").contains("processState");
        cluster.awaitSucceeded(Pods.name(stopped.json()), LIMIT);

        cluster.awaitSucceeded(cluster.clusterVerb("start", "{\"maxConcurrent\":3}"), LIMIT);
        cluster.awaitRunning(LIMIT);
        client.awaitHealthy(LIMIT);
        assertThat(client.missing("stopped-", 100)).isEmpty();
    }

    /// Other classes need it Running, whatever failed here.
    @AfterAll
    void leaveItRunning() {
        if (wanted().equals("Stopped")) {
            cluster.verb(cluster.kubectl(), cluster.clusterPath("start"), "{}");
        }
    }

    private String wanted() {
        return cluster.object().at("/spec/dynamicGroups/0/processState").asText();
    }

    private void awaitRunningContainers(String pod, String oldUid) {
        Await.until(
                "another Pod " + pod + " with running containers",
                LIMIT,
                () -> cluster.kubectl().find("get", "pod", pod),
                now ->
                        now != null
                                && !Pods.uid(now).equals(oldUid)
                                && Pods.phase(now).equals("Running"));
        Await.until(
                "its agent's answer",
                LIMIT,
                () -> cluster.kubectl().run("get", "--raw", cluster.podPath(pod, "process")),
                Kubectl.Result::ok);
    }
}
