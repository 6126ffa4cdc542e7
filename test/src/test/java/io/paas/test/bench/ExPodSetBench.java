package io.paas.test.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// ExPodSet beside StatefulSet, by `make bench-expodset`.
class ExPodSetBench {

    // Enough for a second or two of the machine.
    private static final int CEILING_PODS = 1000;

    private final Settings settings = Settings.ofSets(System.getenv());
    private final List<Turn.Result> results = new ArrayList<>();

    @Test
    void holdsItsGoalsBesideStatefulSet() throws Exception {
        try (Plane plane = Plane.start()) {
            Machine machine = Machine.here(plane);
            Ceiling before = Ceiling.measure(plane, CEILING_PODS);
            for (int round = 0; round < settings.rounds(); round++) {
                play(plane, round);
            }
            Ceiling after = Ceiling.measure(plane, CEILING_PODS);
            Comparison all = new Comparison(settings, results);
            List<Goal> goals = new ExPodSetGoals(all).goals();
            Markdown page = new ExPodSetPage(all, List.of(before, after)).page(machine, goals);
            page.write("expodset.md");
            System.out.println(page);
            assertThat(Goal.missed(goals)).isEmpty();
        }
    }

    private void play(Plane plane, int round) throws InterruptedException {
        for (Limits limits : settings.limits()) {
            for (int i = 0; i < settings.sizes().size(); i++) {
                int size = settings.sizes().get(i);
                boolean ours = (round + i) % 2 == 1;
                for (Kind kind :
                        ours
                                ? List.of(Kind.EX_POD_SET, Kind.STATEFUL_SET)
                                : List.of(Kind.STATEFUL_SET, Kind.EX_POD_SET)) {
                    results.add(play(plane, kind, limits, size, round == 0));
                }
            }
        }
    }

    private Turn.Result play(Plane plane, Kind kind, Limits limits, int size, boolean first)
            throws InterruptedException {
        boolean shipped = limits == Limits.SHIPPED;
        boolean outermost = size == settings.smallest() || size == settings.largest();
        Turn.Result result =
                new Turn(plane, settings, kind, limits, size)
                        .play(shipped && outermost, shipped && first && size == settings.largest());
        System.out.printf(
                "%-12s %-10s %5d sets: %6.1f Pods/s, %.2f own writes/Pod, %.0f MiB%n",
                kind,
                limits,
                size,
                result.podsPerSecond(),
                result.ownWritesPerPod(),
                result.residentMiB());
        return result;
    }
}
