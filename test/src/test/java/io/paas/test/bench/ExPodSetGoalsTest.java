package io.paas.test.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.test.bench.AuditTrail.Request;
import io.paas.test.bench.Turn.Rest;
import io.paas.test.bench.Turn.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// That each goal can be missed: what holds all of them, and one change for each.
class ExPodSetGoalsTest {

    private static final Settings SETTINGS =
            Settings.ofSets(Map.of("BENCH_SIZES", "10,100", "BENCH_LIMITS", "shipped,equal"));

    private double seconds = 10;
    private int writes = 2;
    private double oneMore = 0.2;
    private double resident = 200;
    private int idleWrites;
    private int noOpWrites;
    private double recovery = 5;

    @Test
    void allGoalsAreHeld() {
        assertThat(missed()).isEmpty();
        assertThat(page())
                .contains("| equal, 100/s | 100 | ExPodSet | 30.0 | 4.00 |")
                .contains("| create pods | 3.00 | 2.00 |");
    }

    @Test
    void moreWritesThanStatefulSet() {
        writes = 4;

        assertThat(missed()).singleElement().asString().contains("own writes per Pod", "1.33 ×");
    }

    @Test
    void slowerThanStatefulSet() {
        seconds = 50;

        assertThat(missed()).hasSize(2).allMatch(goal -> goal.contains("Pods/s at 100 sets"));
    }

    @Test
    void fasterOnlyBecauseTheLimitIsNotObeyed() {
        writes = 3;
        seconds = 1;
        // All in one moment: 900 of them are fine with 100 in a second, and 2,100 are not.
        Comparison all = comparison();
        assertThat(Goal.missed(new ExPodSetGoals(all).goals())).isEmpty();

        List<Result> burst = new ArrayList<>(all.results());
        burst.add(result(Kind.EX_POD_SET, Limits.EQUAL, 100, 1, 7, 200, List.of()));
        assertThat(Goal.missed(new ExPodSetGoals(new Comparison(SETTINGS, burst)).goals()))
                .anyMatch(goal -> goal.contains("a limit was not obeyed"));
    }

    @Test
    void oneMoreSetIsSlowBesideMany() {
        oneMore = 0.4;

        assertThat(missed()).singleElement().asString().contains("one more set", "2.00");
    }

    @Test
    void tooMuchMemory() {
        resident = 300;

        assertThat(missed()).singleElement().asString().contains("RSS", "300 MiB");
    }

    @Test
    void writesWhenIdle() {
        idleWrites = 1;

        assertThat(missed()).singleElement().asString().contains("100 idle sets");
    }

    @Test
    void writesWithoutAChange() {
        noOpWrites = 1;

        assertThat(missed()).singleElement().asString().contains("change nothing");
    }

    @Test
    void recoversLate() {
        recovery = 31;

        assertThat(missed()).singleElement().asString().contains("without kube-apiserver", "31.0");
    }

    private List<String> missed() {
        return Goal.missed(new ExPodSetGoals(comparison()).goals());
    }

    private String page() {
        return new ExPodSetPage(comparison(), List.of(new Ceiling(500, 100)))
                .page(new Machine("a machine", "0"), List.of())
                .toString();
    }

    private Comparison comparison() {
        List<Result> results = new ArrayList<>();
        for (Limits limits : SETTINGS.limits()) {
            for (int size : SETTINGS.sizes()) {
                boolean rest = limits == Limits.SHIPPED && size == 100;
                results.add(result(Kind.STATEFUL_SET, limits, size, 40, 3, 100, List.of()));
                results.add(
                        result(
                                Kind.EX_POD_SET,
                                limits,
                                size,
                                seconds,
                                writes,
                                resident,
                                rest ? List.of(rest()) : List.of()));
            }
        }
        return new Comparison(SETTINGS, results);
    }

    private Result result(
            Kind kind,
            Limits limits,
            int size,
            double seconds,
            int writesPerPod,
            double resident,
            List<Rest> rest) {
        Duration more = duration(size == 100 && kind == Kind.EX_POD_SET ? oneMore : 0.2);
        return new Result(
                kind,
                limits,
                size,
                duration(seconds),
                Collections.nCopies(size, Duration.ofSeconds(1)),
                writes(writesPerPod * size * Kind.PODS),
                1,
                1,
                resident,
                limits == Limits.SHIPPED ? List.of(more) : List.of(),
                rest);
    }

    private Rest rest() {
        return new Rest(
                Duration.ofSeconds(60),
                writes(idleWrites),
                0,
                10,
                writes(noOpWrites),
                0,
                duration(recovery),
                Duration.ofSeconds(1),
                writes(0),
                0);
    }

    private static Traffic writes(int count) {
        return new Traffic(
                IntStream.range(0, count)
                        .mapToObj(_ -> new Request("u", "create", "pods", 201, Instant.EPOCH))
                        .toList());
    }

    private static Duration duration(double seconds) {
        return Duration.ofMillis((long) (seconds * 1000));
    }
}
