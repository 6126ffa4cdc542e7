package io.paas.test.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.test.load.Load;
import io.paas.test.load.RedisDatabase;
import io.paas.test.load.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/// A database grows and loses a Pod by name while clients write and read (user story 2, SC-002).
@EndToEnd
@Order(14)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ScaleE2E {

    private static final int SLOTS = 16384;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /// 0.1 % of 100 requests a second for 300 s. A window that is quiet for the rest of the time
    /// holds SC-002 with so many.
    private static final int FAILURES = 30;

    private static final String MARK = "middleware.paas.io/decommissioned";

    private Sandbox sandbox;
    private TestCluster cluster;
    private DatabaseClient client;
    private Load load;
    private String claimOfTwo;

    @BeforeAll
    void threePrimariesUnderLoad() {
        sandbox = Sandbox.open("scale");
        cluster = TestCluster.apply(sandbox, "grow", 3, TestCluster.yaml("grow", "7.0", ""));
        cluster.awaitRunning();
        client = DatabaseClient.of(cluster);
        client.write("kept-", 2000);
        load = load();
    }

    private Load load() {
        var service = cluster.kubectl().json("get", "service", "grow").at("/spec/clusterIP");
        return Load.start(RedisDatabase.at(service.asText() + ":6379", null));
    }

    @AfterAll
    void leave() {
        if (load != null) {
            load.close();
        }
        sandbox.close();
    }

    @Test
    @Order(1)
    void threeBecomeFiveWithEqualShares() {
        var uids = cluster.uids();

        scale("scale-out from 3 to 5", "{\"group\": \"nodes\", \"replicas\": 5}", "ScaleOut");

        assertThat(cluster.uids()).containsAllEntriesOf(uids).hasSize(5);
        assertThat(shares()).hasSize(5).values().allSatisfy(ScaleE2E::isAFifth);
        assertThat(failures(safe("scale-out"))).isLessThanOrEqualTo(FAILURES);
        load = load();
    }

    @Test
    @Order(2)
    void aNamedPodLeavesAndTheOthersStay() {
        var uids = cluster.uids();
        claimOfTwo = claim(2).at("/metadata/uid").asText();
        long generation = generation();
        var plan =
                Kubectl.parse(
                        cluster.verb(
                                        cluster.kubectl(),
                                        cluster.clusterPath("scale"),
                                        remove("[2]", ", \"dryRun\": [\"All\"]"))
                                .out());

        assertThat(generation()).as("after a dry run").isEqualTo(generation);
        var done = scale("removal of ordinal 2 of 5", remove("[2]", ""), "ScaleIn");

        assertThat(steps(plan)).isEqualTo(steps(done));
        uids.remove("grow-nodes-2");
        assertThat(cluster.uids()).isEqualTo(uids);
        assertThat(shares().values()).hasSize(4).allMatch(slots -> slots > 0);
        assertThat(claim(2).at("/metadata/annotations").path(MARK).asText()).isNotEmpty();
    }

    @Test
    @Order(3)
    void itComesBackAndLeavesAgain() {
        scale(
                "return of ordinal 2",
                "{\"group\": \"nodes\", \"restoreOrdinals\": [2]}",
                "ScaleOut");

        assertThat(cluster.uids()).containsKey("grow-nodes-2").hasSize(5);
        assertThat(claim(2).at("/metadata/annotations").path(MARK).asText()).isEmpty();
        assertThat(claim(2).at("/metadata/uid").asText()).isEqualTo(claimOfTwo);
        assertThat(shares()).hasSize(5).values().allSatisfy(ScaleE2E::isAFifth);

        scale("second removal of ordinal 2", remove("[2]", ""), "ScaleIn");

        assertThat(cluster.uids())
                .containsOnlyKeys("grow-nodes-0", "grow-nodes-1", "grow-nodes-3", "grow-nodes-4");
    }

    @Test
    @Order(4)
    void noClientLostAnything() {
        assertThat(failures(safe("three scalings by name"))).isLessThanOrEqualTo(3 * FAILURES);
        assertThat(client.missing("kept-", 2000)).isEmpty();
    }

    /// Ends the load, which must have been one.
    private Verdict safe(String what) {
        Verdict verdict = load.stop();
        load.close();
        Figures.note(what + ": " + verdict);
        assertThat(verdict.lost()).isEmpty();
        assertThat(verdict.duplicates()).isEmpty();
        assertThat(verdict.outOfOrder()).isEmpty();
        assertThat(verdict.unexpected()).isEmpty();
        assertThat(verdict.all().asked())
                .as("%s", verdict)
                .isGreaterThan((int) (verdict.length().toSeconds() * 95));
        return verdict;
    }

    private static int failures(Verdict verdict) {
        return verdict.all().asked() - verdict.all().atOnce();
    }

    @Test
    @Order(5)
    void anEditOfTheSpecIsTheSame() {
        patch("\"replicas\": 5, \"offlineOrdinals\": [\"2\"]");
        succeeded("ScaleOut");
        assertThat(cluster.uids()).containsKey("grow-nodes-5");
        patch("\"replicas\": 4, \"offlineOrdinals\": [\"2\", \"5\"]");
        succeeded("ScaleIn");

        assertThat(cluster.uids())
                .containsOnlyKeys("grow-nodes-0", "grow-nodes-1", "grow-nodes-3", "grow-nodes-4");
    }

    @Test
    @Order(6)
    void whatCannotBeIsRefusedAndNothingIsWritten() {
        var before = written();

        refused(remove("[7]", ""), "ordinal 7 does not exist; the group runs 0-1,3-4");
        refused(remove("[3, 3]", ""), "ordinal 3 is listed twice");
        refused(remove("[0, 1, 3, 4]", ""), "at least one has to stay");
        refused(remove("[3, 4]", ""), "at least 3 masters are needed");
        for (var pod : List.of(0, 1, 3, 4)) {
            client.askOne(
                    Pods.ip(cluster.pod(cluster.podName(pod))),
                    "config",
                    "set",
                    "maxmemory",
                    "1mb");
        }
        refused(remove("[3]", ""), "MiB");
        for (var pod : List.of(0, 1, 3, 4)) {
            client.askOne(
                    Pods.ip(cluster.pod(cluster.podName(pod))), "config", "set", "maxmemory", "0");
        }
        cluster.podVerb(cluster.podName(1), "stop", "{}");
        refused(remove("[3]", ""), "no answer from grow-nodes-1");
        cluster.podVerb(cluster.podName(1), "start", "{}");

        assertThat(written()).isEqualTo(before);
        assertThat(cluster.uids()).hasSize(4);
    }

    private JsonNode scale(String what, String options, String type) {
        var begin = Instant.now();
        var done = cluster.awaitSucceeded(cluster.clusterVerb("scale", options), LIMIT);
        Figures.within(what, Await.elapsed(begin), LIMIT);
        assertThat(done.at("/spec/type").asText()).isEqualTo(type);
        client.awaitHealthy(Duration.ofSeconds(10));
        return done;
    }

    private void patch(String fields) {
        cluster.kubectl()
                .must(
                        "patch",
                        "mwc",
                        "grow",
                        "--type=merge",
                        "-p",
                        "{\"spec\": {\"dynamicGroups\": [{\"name\": \"nodes\", " + fields + "}]}}");
    }

    private void succeeded(String type) {
        var done = cluster.awaitSucceeded("grow-g" + generation(), LIMIT);
        assertThat(done.at("/spec/type").asText()).isEqualTo(type);
    }

    private void refused(String options, String why) {
        var answer = cluster.verb(cluster.kubectl(), cluster.clusterPath("scale"), options);
        assertThat(answer.exitCode()).as("%s", answer).isNotZero();
        assertThat(answer.err()).contains(why);
    }

    private List<String> written() {
        var operations = cluster.kubectl().json("get", "mwop").path("items");
        return List.of(
                cluster.object().path("spec").toString(),
                cluster.object().at("/metadata/annotations").toString(),
                Pods.elements(operations).map(Pods::name).sorted().toList().toString());
    }

    private long generation() {
        return cluster.object().at("/metadata/generation").asLong();
    }

    private static String remove(String ordinals, String more) {
        return "{\"group\": \"nodes\", \"removeOrdinals\": " + ordinals + more + "}";
    }

    private static List<String> steps(JsonNode operation) {
        return Pods.elements(operation.at("/status/steps"))
                .map(step -> step.path("name").asText())
                .toList();
    }

    private JsonNode claim(int ordinal) {
        return cluster.kubectl().json("get", "pvc", "data-grow-nodes-" + ordinal);
    }

    private static void isAFifth(int slots) {
        assertThat((double) slots).isBetween(SLOTS / 5.0 * 0.98, SLOTS / 5.0 * 1.02);
    }

    /// Slots by the id of the node that has them, of the nodes that the cluster knows.
    private Map<String, Integer> shares() {
        var shares = new TreeMap<String, Integer>();
        client.ask("cluster", "nodes")
                .lines()
                .map(line -> line.strip().split(" "))
                .filter(words -> words.length >= 8)
                .forEach(words -> shares.put(words[0], slots(words)));
        assertThat(shares.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(SLOTS);
        return shares;
    }

    private static int slots(String[] words) {
        return Arrays.stream(words)
                .skip(8)
                .map(range -> range.split("-"))
                .mapToInt(
                        r ->
                                r.length == 1
                                        ? 1
                                        : Integer.parseInt(r[1]) - Integer.parseInt(r[0]) + 1)
                .sum();
    }
}
