package io.paas.test.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/// The platform dies in parts and as a whole; databases do not notice, and nothing is lost or done
/// twice.
@EndToEnd
@Order(9)
final class OutageE2E {

    private static final Duration ERROR_WINDOW = Duration.ofSeconds(3);
    private static final Duration BACK_LIMIT = Duration.ofSeconds(10);
    private static final Duration NAMESPACE_LIMIT = Duration.ofSeconds(65);

    private TestCluster cluster;
    private int good;

    @BeforeEach
    void allIsWell() {
        cluster = Shared.plain().awaitRunning();
        Platform.APISERVER.awaitAvailable();
        Platform.CONTROLLERS.awaitAvailable();
    }

    @AfterEach
    void repair() {
        Platform.APISERVER.scale(2);
        Platform.APISERVER.awaitAvailable();
        Platform.CONTROLLERS.awaitAvailable();
    }

    @Test
    @Order(1)
    void aDeadReplicaIsHardlySeenAndNeverByDatabases() {
        var pids = cluster.pids();
        var attacks = new LinkedHashMap<String, Runnable>();
        attacks.put("removal of an API server", Platform.APISERVER::removeOnePod);
        attacks.put("kill -9 of an API server", Platform.APISERVER::killOneProcess);
        attacks.put("removal of the controllers", Platform.CONTROLLERS::removeOnePod);
        attacks.put("kill -9 of the controllers", Platform.CONTROLLERS::killOneProcess);
        var rest = Rest.as(cluster.kubectl().kubeconfig());
        try (var load = DatabaseLoad.start(DatabaseClient.of(cluster));
                var reads = Prober.ofReads(rest, cluster.podPath(cluster.podName(0), "process"));
                // Starting what runs is a whole verb that changes nothing.
                var verbs =
                        Prober.ofVerbs(rest, cluster.podPath(cluster.podName(1), "start"), "{}")) {
            Await.pause(Duration.ofSeconds(1));
            var all = new SoftAssertions();
            attacks.forEach((what, attack) -> all.check(() -> harm(what, attack, reads, verbs)));
            all.assertAll();
            assertThat(reads.count()).as("reads").isGreaterThan(50);
            assertThat(verbs.count()).as("verbs").isGreaterThan(20);
            assertThat(load.end()).as("what the database client saw").isEmpty();
        }
        assertThat(cluster.pids()).isEqualTo(pids);
    }

    private static void harm(String what, Runnable attack, Prober reads, Prober verbs) {
        var begin = Instant.now();
        attack.run();
        Await.pause(Duration.ofSeconds(3));
        Platform.APISERVER.awaitAvailable();
        Platform.CONTROLLERS.awaitAvailable();
        judge("reads failing after " + what, reads, begin);
        judge("verbs failing after " + what, verbs, begin);
    }

    private static void judge(String what, Prober prober, Instant begin) {
        var window = prober.errorWindowSince(begin);
        Figures.note(what, window);
        assertThat(window)
                .as("%s: %s", what, prober.failuresSince(begin))
                .isLessThanOrEqualTo(ERROR_WINDOW);
    }

    @Test
    @Order(2)
    void anOperationGoesOnAndDoesEachPodOnce() {
        var starts = starts();
        var pids = cluster.pids();
        var known = Pods.names(cluster.kubectl().json("get", "mwop"));

        var operation = cluster.clusterVerb("restart", "{\"intervalSeconds\":3}");
        awaitProgress(operation, "1/3");
        Platform.CONTROLLERS.killOneProcess();
        Platform.APISERVER.removeOnePod();
        cluster.awaitSucceeded(operation, Duration.ofSeconds(90));

        starts.replaceAll((pod, count) -> count + 1);
        assertThat(starts()).as("starts of each database by its own log").isEqualTo(starts);
        cluster.pids().forEach((pod, pid) -> assertThat(pid).isNotEqualTo(pids.get(pod)));
        assertThat(Pods.names(cluster.kubectl().json("get", "mwop")))
                .hasSize(known.size() + 1)
                .contains(operation);
    }

    /// A caller that lost its answer asks again under the same requestID until it has one.
    @Test
    @Order(3)
    void aRequestRepeatedThroughAnOutageIsDoneOnce() {
        var starts = starts();
        var known = Pods.names(cluster.kubectl().json("get", "mwop"));
        var rest = Rest.as(cluster.kubectl().kubeconfig());
        var request = "{\"requestID\": \"once-" + Long.toHexString(System.nanoTime()) + "\"}";

        Thread.startVirtualThread(Platform.APISERVER::killOneProcess);
        var names = new TreeSet<String>();
        var answers =
                Await.until(
                        "five good answers",
                        Duration.ofSeconds(30),
                        () -> rest.post(cluster.clusterPath("restart"), request),
                        reply -> {
                            if (reply.code() == 202) {
                                names.add(Pods.name(reply.body()));
                                good++;
                            }
                            return good >= 5;
                        });

        assertThat(names).as("Operations in the answers").hasSize(1);
        cluster.awaitSucceeded(names.first(), Duration.ofSeconds(90));
        starts.replaceAll((pod, count) -> count + 1);
        assertThat(starts())
                .as("starts of each database, last answer %s", answers)
                .isEqualTo(starts);
        assertThat(Pods.names(cluster.kubectl().json("get", "mwop"))).hasSize(known.size() + 1);
    }

    @Test
    @Order(4)
    void withoutAnApiServerTheRestGoesOn() {
        var client = DatabaseClient.of(cluster);
        var admin = Kubectl.admin();
        Platform.APISERVER.killAll();
        Await.until(
                "the APIService to be unavailable",
                Duration.ofSeconds(30),
                () -> !available(admin));
        var unrelated = Sandbox.open("unrelated");
        unrelated.kubectl().must("create", "configmap", "anything");
        unrelated.close();
        try (var sandbox = Sandbox.open("meanwhile")) {
            client.write("meanwhile-", 50);
            assertThat(client.missing("meanwhile-", 50)).isEmpty();
            assertThat(cluster.phase()).isEqualTo("Running");
            TestCluster.apply(sandbox, "late", 3, TestCluster.yaml("late", "7.0", ""))
                    .awaitRunning();

            assertThat(admin.find("get", "namespace", unrelated.name()))
                    .as("the namespace while the platform's API is away")
                    .isNotNull();
            Platform.APISERVER.scale(2);
            Await.until(
                    "an API server Pod to be Ready",
                    Duration.ofSeconds(60),
                    () -> Platform.APISERVER.pods().stream().anyMatch(Pods::ready));
            var back = Instant.now();
            Await.until(
                    "the APIService to be available",
                    Duration.ofSeconds(60),
                    () -> available(admin));
            Figures.within(
                    "API server Ready to APIService Available", Await.elapsed(back), BACK_LIMIT);
            Await.until(
                    "the unrelated namespace to be gone",
                    Duration.ofMinutes(3),
                    () -> admin.find("get", "namespace", unrelated.name()) == null);
            Figures.within(
                    "API server Ready to an unrelated namespace gone",
                    Await.elapsed(back),
                    NAMESPACE_LIMIT);
        }
    }

    private static boolean available(Kubectl admin) {
        var service = admin.json("get", "apiservice", "v1.middleware.paas.io");
        return Pods.condition(service, "Available").equals("True");
    }

    private void awaitProgress(String operation, String progress) {
        Await.until(
                "progress " + progress,
                Duration.ofSeconds(60),
                () -> cluster.operation(operation).at("/status/progress").asText(),
                progress::equals);
    }

    /// How often each Pod's database came up, by its own words.
    private Map<String, Integer> starts() {
        var counts = new TreeMap<String, Integer>();
        for (var pod : cluster.podList()) {
            var lines =
                    cluster.log(Pods.name(pod))
                            .lines()
                            .filter(line -> line.contains("Ready to accept connections"));
            counts.put(Pods.name(pod), (int) lines.count());
        }
        return counts;
    }
}
