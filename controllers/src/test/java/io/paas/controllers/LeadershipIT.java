package io.paas.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.paas.api.v1.Kind;
import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.metrics.Metrics;
import io.paas.test.support.AuditLog;
import io.paas.test.support.KubeApiServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Two real processes and one Lease. kube-apiserver's audit log is the judge.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeadershipIT {

    private static final ObjectKey LEASE =
            new ObjectKey("middleware-system", "middleware-controllers");
    private static final Path MANIFESTS = Path.of("../apiservice-manifests");
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration FROZEN = Duration.ofSeconds(30);
    private static final Duration HAND_OVER = Duration.ofMillis(2_500);
    private static final int SETS = 300;

    private final List<ControllersProcess> processes = new ArrayList<>();
    @TempDir private static Path folder;
    private AuditLog audit;
    private KubeApiServer server;
    private KubeClient kube;
    private Thread feeder = Thread.ofVirtual().unstarted(() -> {});
    private int made;

    @BeforeAll
    void startServer() {
        audit = new AuditLog(folder);
        server = KubeApiServer.start(audit.flags());
        kube =
                KubeClient.withToken(
                        server.url(), server.adminToken(), server.ca(), "it", new Metrics());
        apply("crds");
        server.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
        Stream.of(
                        "namespaces.yaml",
                        "catalog.yaml",
                        "rbac/agent.yaml",
                        "rbac/controllers.yaml",
                        "rbac/token-keys.yaml",
                        "deploy/token-keys.yaml")
                .forEach(this::apply);
    }

    @AfterEach
    void endProcesses() throws Exception {
        feeder.interrupt();
        feeder.join();
        processes.forEach(ControllersProcess::close);
        processes.clear();
        server.kubectl("delete", "expodsets", "--all", "--wait=false");
        server.kubectl("delete", "lease", LEASE.name(), "-n", LEASE.namespace());
    }

    @AfterAll
    void stopServer() {
        server.close();
    }

    @Test
    void aLeaderThatWasFrozenWritesNothingAfterTheTakeOver() throws Exception {
        ControllersProcess frozen = start("frozen");
        await("the first leader").atMost(START).until(() -> holder().equals("frozen"));
        ControllersProcess other = start("other");
        await("the standby").atMost(START).until(() -> other.status("/readyz") == 200);
        // Far more work than is done when it is stopped: every worker is in the middle of a write.
        feeder = Thread.ofVirtual().start(this::makeSets);
        await("the leader at work").atMost(START).until(() -> writes(frozen, Instant.EPOCH) > 30);

        frozen.signal("STOP");
        long stopped = System.nanoTime();
        await("the take-over").atMost(Duration.ofSeconds(30)).until(() -> holder().equals("other"));
        Instant takeOver = tookOver(other);
        long took = System.nanoTime() - stopped;
        await("the new leader at work").atMost(START).until(() -> writes(other, takeOver) > 20);
        await().atMost(FROZEN.plusSeconds(5))
                .until(() -> System.nanoTime() - stopped > FROZEN.toNanos());
        frozen.signal("CONT");

        assertThat(frozen.exitCode(Duration.ofSeconds(15))).as(frozen.logTail()).isEqualTo(1);
        System.out.printf(
                "taken over %.1f s after SIGSTOP; the frozen leader asked for %d writes after it%n",
                took / 1e9, after(takeOver, frozen).count());
        assertThat(after(takeOver, frozen).filter(AuditLog.Entry::isEffective)).isEmpty();
    }

    @Test
    void anotherLeadsSoonAfterSigterm() throws Exception {
        ControllersProcess ending = start("ending");
        await("the first leader").atMost(START).until(() -> holder().equals("ending"));
        ControllersProcess next = start("next");
        await("the standby").atMost(START).until(() -> next.status("/readyz") == 200);
        feeder = Thread.ofVirtual().start(this::makeSets);
        await("the leader at work").atMost(START).until(() -> writes(ending, Instant.EPOCH) > 30);

        Instant begin = Instant.now();
        ending.signal("TERM");
        await("the new leader at work").atMost(START).until(() -> writes(next, begin) > 0);

        Instant firstWrite = after(begin, next).findFirst().orElseThrow().answered();
        Duration handOver = Duration.between(begin, firstWrite);
        System.out.printf(
                "first write of the next leader %d ms after SIGTERM%n", handOver.toMillis());
        assertThat(ending.exitCode(Duration.ofSeconds(15))).isEqualTo(143);
        assertThat(after(tookOver(next), ending).filter(AuditLog.Entry::isEffective)).isEmpty();
        assertThat(handOver)
                .as("%s%n%s", ending.logTail(), next.logTail())
                .isLessThanOrEqualTo(HAND_OVER);
    }

    private ControllersProcess start(String name, String... arguments) throws Exception {
        ControllersProcess process = ControllersProcess.start(server, folder, name, arguments);
        processes.add(process);
        return process;
    }

    private void apply(String file) {
        server.kubectl("apply", "-f", MANIFESTS.resolve(file).toString());
    }

    private String holder() {
        return kube.of(BuiltIn.LEASES)
                .find(LEASE)
                .map(lease -> lease.getSpec().getHolderIdentity())
                .orElse("");
    }

    /// When the server answered the write that made a process the leader.
    private Instant tookOver(ControllersProcess process) {
        return audit.entries().stream()
                .filter(entry -> entry.user().equals(process.user()))
                .filter(entry -> entry.resource().equals("leases") && entry.isEffective())
                .findFirst()
                .orElseThrow()
                .answered();
    }

    private long writes(ControllersProcess process, Instant since) {
        return after(since, process).filter(AuditLog.Entry::isEffective).count();
    }

    /// What a process wrote as the leader: not its Lease, and not its own token key.
    private Stream<AuditLog.Entry> after(Instant since, ControllersProcess process) {
        return audit.entries().stream()
                .filter(entry -> entry.user().equals(process.user()))
                .filter(entry -> !entry.resource().equals("leases"))
                .filter(entry -> !entry.name().equals("process-token-keys"))
                .filter(entry -> entry.answered().isAfter(since));
    }

    /// Until there are enough or the test has ended.
    private void makeSets() {
        try {
            for (int i = 0; i < SETS; i++) {
                kube.of(Kind.EXPODSET).create("default", set("s" + made++));
            }
        } catch (ApiFailure e) {
            // Interrupted: the test is over.
            assertThat(Thread.currentThread().isInterrupted()).as(e.getMessage()).isTrue();
        }
    }

    private static JsonObject set(String name) {
        return JsonParser.parseString(
                        """
                        {"metadata": {"name": "%1$s"},
                         "spec": {"replicas": 3, "serviceName": "svc",
                           "podManagementPolicy": "Parallel",
                           "selector": {"matchLabels": {"app": "%1$s"}},
                           "template": {"metadata": {"labels": {"app": "%1$s"}},
                             "spec": {"containers": [{"name": "main", "image": "image:1"}]}}}}\
                        """
                                .formatted(name))
                .getAsJsonObject();
    }
}
