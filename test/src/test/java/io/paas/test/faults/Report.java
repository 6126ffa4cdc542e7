package io.paas.test.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// What a campaign has shown.
record Report(Map<Point, Outcome> outcomes, Duration took) {

    /// One line each, the total last, after what has failed.
    String text() {
        List<String> lines = new ArrayList<>();
        outcomes.forEach(
                (point, outcome) -> {
                    if (outcome instanceof Outcome.Failed(List<String> reasons)) {
                        lines.add("FAILED " + point + "\n    " + String.join("\n    ", reasons));
                    }
                });
        for (Scenario scenario : Scenario.values()) {
            lines.add(line(scenario.name(), point -> point.scenario() == scenario));
        }
        lines.add(line("all, in %d s".formatted(took.toSeconds()), _ -> true));
        return String.join("\n", lines);
    }

    int converged() {
        return late(_ -> true).size();
    }

    boolean nothingFailed() {
        return outcomes.values().stream().noneMatch(Outcome.Failed.class::isInstance);
    }

    private String line(String title, Predicate<Point> which) {
        List<Outcome> all =
                outcomes.entrySet().stream()
                        .filter(entry -> which.test(entry.getKey()))
                        .map(Map.Entry::getValue)
                        .toList();
        long unreached = all.stream().filter(Outcome.NotReached.class::isInstance).count();
        List<Duration> late = late(which);
        return "%-20s %4d of %4d converged, %3d not reached; late p50 %5.2f s, p99 %5.2f s"
                .formatted(
                        title,
                        late.size(),
                        all.size() - unreached,
                        unreached,
                        quantile(late, 0.5),
                        quantile(late, 0.99));
    }

    private List<Duration> late(Predicate<Point> which) {
        List<Duration> late = new ArrayList<>();
        outcomes.forEach(
                (point, outcome) -> {
                    if (outcome instanceof Outcome.Converged(Duration time) && which.test(point)) {
                        late.add(time);
                    }
                });
        late.sort(null);
        return late;
    }

    private static double quantile(List<Duration> sorted, double quantile) {
        if (sorted.isEmpty()) {
            return 0;
        }
        int index = (int) Math.ceil(quantile * sorted.size()) - 1;
        return sorted.get(Math.max(0, index)).toMillis() / 1000.0;
    }
}
