package io.paas.test.bench;

import io.paas.test.bench.Turn.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What is promised of ExPodSet, held against all turns.
record ExPodSetGoals(Comparison all) {

    private static final double SPEED_AT_EQUAL_LIMITS = 0.9;
    private static final double SPEED_AS_SHIPPED = 3;
    private static final double ONE_MORE = 1.5;
    private static final double RESIDENT_MIB = 256;
    private static final Duration RECOVERY = Duration.ofSeconds(30);

    List<Goal> goals() {
        List<Goal> goals = new ArrayList<>();
        goals.add(writes());
        if (all.settings().limits().contains(Limits.EQUAL)) {
            goals.add(speed(Limits.EQUAL, SPEED_AT_EQUAL_LIMITS));
        }
        if (all.settings().limits().contains(Limits.SHIPPED)) {
            goals.add(speed(Limits.SHIPPED, SPEED_AS_SHIPPED));
        }
        Sample few = all.oneMore(Kind.EX_POD_SET, all.settings().smallest());
        Sample many = all.oneMore(Kind.EX_POD_SET, all.settings().largest());
        if (all.settings().sizes().size() > 1 && !few.isEmpty()) {
            double ratio = many.median() / few.median();
            goals.add(
                    new Goal(
                            "one more set beside %d ≤ %.1f × beside %d"
                                    .formatted(
                                            all.settings().largest(),
                                            ONE_MORE,
                                            all.settings().smallest()),
                            "%.2f".formatted(ratio),
                            ratio <= ONE_MORE));
        }
        goals.add(memory());
        all.results().stream()
                .filter(r -> r.kind() == Kind.EX_POD_SET)
                .forEach(r -> r.rest().forEach(rest -> goals.addAll(atRest(r, rest))));
        return goals;
    }

    private Goal writes() {
        double worst = 0;
        String where = "";
        for (Limits limits : all.settings().limits()) {
            for (int size : all.settings().sizes()) {
                double ratio = all.ratios(limits, size, Result::ownWritesPerPod).median();
                if (!(ratio <= worst)) {
                    worst = ratio;
                    where = "%d sets, limits %s".formatted(size, limits);
                }
            }
        }
        return new Goal(
                "own writes per Pod ≤ StatefulSet's",
                "%.2f × at worst (%s)".formatted(worst, where),
                worst <= 1);
    }

    private Goal speed(Limits limits, double least) {
        double ratio = all.ratios(limits, all.settings().largest(), Result::podsPerSecond).median();
        boolean obeyed = all.results().stream().allMatch(all::obeysLimits);
        return new Goal(
                "Pods/s at %d sets, limits %s, ≥ %.1f × StatefulSet's"
                        .formatted(all.settings().largest(), limits, least),
                "%.2f ×%s".formatted(ratio, obeyed ? "" : ", but a limit was not obeyed"),
                ratio >= least && (limits != Limits.EQUAL || obeyed));
    }

    private Goal memory() {
        double most =
                all.results().stream()
                        .filter(
                                r ->
                                        r.kind() == Kind.EX_POD_SET
                                                && r.size() == all.settings().largest())
                        .mapToDouble(Result::residentMiB)
                        .max()
                        .orElse(Double.NaN);
        return new Goal(
                "RSS at %d × %d Pods ≤ %.0f MiB"
                        .formatted(all.settings().largest(), Kind.PODS, RESIDENT_MIB),
                "%.0f MiB".formatted(most),
                most <= RESIDENT_MIB);
    }

    private List<Goal> atRest(Result result, Turn.Rest rest) {
        List<Goal> goals = new ArrayList<>();
        goals.add(
                new Goal(
                        "own writes in %d s at %d idle sets = 0"
                                .formatted(rest.idleTime().toSeconds(), result.size()),
                        rest.idle().ownWrites() + ", Events " + rest.idle().events(),
                        rest.idle().ownWrites() + rest.idle().events() == 0));
        goals.add(
                new Goal(
                        "own writes of %d reconciles that change nothing = 0"
                                .formatted(rest.touched()),
                        "" + rest.noOp().ownWrites(),
                        rest.noOp().ownWrites() == 0));
        if (all.settings().outage().isPositive()) {
            goals.add(
                    new Goal(
                            "a set made right after %d s without kube-apiserver is ready ≤ %d s"
                                    .formatted(
                                            all.settings().outage().toSeconds(),
                                            RECOVERY.toSeconds()),
                            "%.1f s".formatted(rest.recovery().toMillis() / 1000.0),
                            rest.recovery().compareTo(RECOVERY) <= 0));
        }
        return goals;
    }
}
