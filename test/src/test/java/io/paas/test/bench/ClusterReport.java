package io.paas.test.bench;

import io.paas.test.bench.ClusterTurn.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/// What the turns with clusters have shown.
record ClusterReport(Settings settings, List<Result> results) {

    private static final double RESIDENT_MIB = 768;

    List<Goal> goals() {
        List<Goal> goals = new ArrayList<>();
        int most = settings.largest();
        // A turn whose clusters are not all Running ends the run.
        goals.add(
                new Goal(
                        "%d clusters × %d Pods all Running".formatted(most, Kind.PODS),
                        "%d of %d".formatted(of(most).getFirst().each().size(), most),
                        of(most).stream().allMatch(r -> r.each().size() == most)));
        double megabytes =
                of(most).stream().mapToDouble(Result::megabytes).max().orElse(Double.NaN);
        goals.add(
                new Goal(
                        "RSS of controllers and API server at %d clusters ≤ %.0f MiB"
                                .formatted(most, RESIDENT_MIB),
                        "%.0f MiB".formatted(megabytes),
                        megabytes <= RESIDENT_MIB));
        long writes =
                of(most).stream().mapToLong(r -> r.idle().ownWrites() + r.idle().events()).sum();
        goals.add(
                new Goal(
                        "own writes and Events in %d s at %d idle clusters = 0"
                                .formatted(settings.idle().toSeconds(), most),
                        "" + writes,
                        writes == 0));
        return goals;
    }

    Markdown page(Machine machine) {
        Markdown page =
                new Markdown()
                        .paragraph(machine.text() + ".")
                        .paragraph(
                                """
                                Load average before: %s. Rounds: %d. Clusters of %d Pods, of a package \
                                without hooks; median (smallest–largest)."""
                                        .formatted(machine.load(), settings.rounds(), Kind.PODS));
        clusters(page);
        writes(page);
        return page.list(goals());
    }

    private void clusters(Markdown page) {
        page.table(
                "clusters",
                "all Running s",
                "Pods/s",
                "create→Running p50 s",
                "p99 s",
                "one more s",
                "own writes/cluster",
                "Events/cluster",
                "reads/cluster",
                "CPU ms/cluster",
                "controllers RSS MiB",
                "API server RSS MiB",
                "idle: own writes",
                "CPU s");
        for (int size : settings.sizes()) {
            page.row(
                    size,
                    text(size, r -> seconds(r.whole()), 1),
                    text(size, r -> size * Kind.PODS / seconds(r.whole()), 1),
                    text(size, r -> Sample.seconds(r.each()).median(), 1),
                    text(size, r -> Sample.seconds(r.each()).quantile(0.99), 1),
                    text(size, r -> Sample.seconds(r.oneMore()).median(), 2),
                    text(size, r -> (double) r.traffic().ownWrites() / size, 1),
                    text(size, r -> (double) r.traffic().events() / size, 1),
                    text(size, r -> (double) r.traffic().reads() / size, 1),
                    text(size, r -> r.cpuSeconds() * 1000 / size, 0),
                    text(size, Result::controllersMiB, 0),
                    text(size, Result::apiServerMiB, 0),
                    text(size, r -> r.idle().ownWrites(), 0),
                    text(size, Result::idleCpuSeconds, 2));
        }
        page.endOfTable();
    }

    private void writes(Markdown page) {
        int most = settings.largest();
        page.paragraph("Own writes per cluster at %d clusters:".formatted(most));
        page.table("write", "per cluster");
        Map<String, Long> kinds = new TreeMap<>(of(most).getFirst().traffic().kinds());
        kinds.forEach((write, count) -> page.row(write, "%.2f".formatted((double) count / most)));
        page.row("(of these refused)", text(most, r -> (double) r.traffic().refused() / most, 2));
        page.endOfTable();
    }

    private String text(int size, ToDoubleFunction<Result> value, int decimals) {
        return Sample.of(of(size), value).text(decimals);
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    private List<Result> of(int size) {
        return results.stream().filter(r -> r.size() == size).toList();
    }
}
