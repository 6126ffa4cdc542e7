package io.paas.test.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/// Requests that do not wait for each other, so that a hanging answer hides no other: ten reads or
/// three verbs a second.
final class Prober implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
    private final ConcurrentLinkedQueue<Probe> probes = new ConcurrentLinkedQueue<>();

    private record Probe(Instant at, int code) {}

    static Prober ofReads(Rest rest, String path) {
        return start(rest.patient(PATIENCE), 100, hasty -> hasty.get(path).code());
    }

    static Prober ofVerbs(Rest rest, String path, String options) {
        return start(rest.patient(PATIENCE), 330, hasty -> hasty.post(path, options).code());
    }

    private static Prober start(Rest rest, int everyMillis, ToIntFunction<Rest> request) {
        var prober = new Prober();
        var _ =
                prober.clock.scheduleAtFixedRate(
                        () -> Thread.startVirtualThread(() -> prober.probe(rest, request)),
                        0,
                        everyMillis,
                        TimeUnit.MILLISECONDS);
        return prober;
    }

    private void probe(Rest rest, ToIntFunction<Rest> request) {
        var at = Instant.now();
        probes.add(new Probe(at, request.applyAsInt(rest)));
    }

    int count() {
        return probes.size();
    }

    /// From the first failed probe to the first good one after the last failed one.
    Duration errorWindowSince(Instant begin) {
        Await.pause(PATIENCE);
        var all =
                probes.stream()
                        .filter(probe -> probe.at().isAfter(begin))
                        .sorted(Comparator.comparing(Probe::at))
                        .toList();
        var bad = all.stream().filter(probe -> probe.code() != 200).map(Probe::at).toList();
        if (bad.isEmpty()) {
            return Duration.ZERO;
        }
        var good =
                all.stream()
                        .filter(probe -> probe.code() == 200)
                        .map(Probe::at)
                        .filter(at -> at.isAfter(bad.getLast()))
                        .findFirst()
                        .orElse(Instant.now());
        return Duration.between(bad.getFirst(), good);
    }

    /// What failed since then, for the message of a failure.
    List<String> failuresSince(Instant begin) {
        return probes.stream()
                .filter(probe -> probe.at().isAfter(begin) && probe.code() != 200)
                .sorted(Comparator.comparing(Probe::at))
                .map(probe -> probe.at() + " " + probe.code())
                .toList();
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
