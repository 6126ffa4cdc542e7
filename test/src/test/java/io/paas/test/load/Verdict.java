package io.paas.test.load;

import io.paas.test.load.Operation.Kind;
import io.paas.test.load.Safety.Entry;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a load has shown.
///
/// @param longestKeyGap as `longestGap`, of the worst key alone: where the keys are spread over
///   several nodes, those that serve do not hide the one that does not. A key has its turn every
///   0.6 s, so that one failure alone shows as so long.
/// @param late how late the load itself was at the worst; no gap or latency below it says anything
/// @param reasons why operations did not succeed at once, and how many
public record Verdict(
        Duration length,
        Safety safety,
        Availability writes,
        Availability reads,
        Availability all,
        Duration longestKeyGap,
        Duration late,
        Map<String, Long> reasons) {

    private static final int SHOWN = 5;

    /// Judges a load by what it saw and what was there afterwards.
    ///
    /// @param found the list of each key, read when the load was over
    static Verdict of(History history, Map<String, List<Long>> found) {
        return new Verdict(
                history.length(),
                Safety.of(history, found),
                Availability.of(history.all(Kind.WRITE), history.length()),
                Availability.of(history.all(Kind.READ), history.length()),
                Availability.of(history.operations(), history.length()),
                longestKeyGap(history),
                longest(history.operations().stream().map(o -> o.first().begin().minus(o.due()))),
                history.operations().stream()
                        .flatMap(operation -> reason(operation.first().outcome()))
                        .collect(Collectors.groupingBy(why -> why, Collectors.counting())));
    }

    private static Duration longestKeyGap(History history) {
        record Lane(Kind kind, String key) {}
        return longest(
                history.operations().stream()
                        .collect(Collectors.groupingBy(o -> new Lane(o.kind(), o.key())))
                        .values()
                        .stream()
                        .map(lane -> Availability.of(lane, history.length()).longestGap()));
    }

    private static Duration longest(Stream<Duration> times) {
        return times.max(Comparator.naturalOrder()).orElse(Duration.ZERO);
    }

    private static Stream<String> reason(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Ok _ -> Stream.empty();
            case Outcome.Failed(String reason) -> Stream.of(reason);
            case Outcome.Unknown(String reason) -> Stream.of(reason);
        };
    }

    public List<Entry> lost() {
        return safety.lost();
    }

    public List<Entry> duplicates() {
        return safety.duplicates();
    }

    public List<Entry> outOfOrder() {
        return safety.outOfOrder();
    }

    public List<Entry> unexpected() {
        return safety.unexpected();
    }

    public List<Entry> stale() {
        return safety.stale();
    }

    public double rawRatio() {
        return all.rawRatio();
    }

    public double retriedRatio() {
        return all.retriedRatio();
    }

    /// Without writes or without reads, whichever was longer.
    public Duration longestGap() {
        return longest(Stream.of(writes.longestGap(), reads.longestGap()));
    }

    public Duration p99() {
        return all.p99();
    }

    static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    /// A few lines for the log of a test.
    @Override
    public String toString() {
        return """
        load of %.1f s, itself up to %.3f s late; longest gap of one key %.3f s
          writes %s
          reads  %s
          %s"""
                        .formatted(
                                seconds(length),
                                seconds(late),
                                seconds(longestKeyGap),
                                writes,
                                reads,
                                safety)
                + reasonLines();
    }

    private String reasonLines() {
        return reasons.entrySet().stream()
                .sorted(
                        Map.Entry.<String, Long>comparingByValue()
                                .reversed()
                                .thenComparing(Map.Entry.comparingByKey()))
                .limit(SHOWN)
                .map(reason -> "\n  " + reason.getValue() + " not at once: " + reason.getKey())
                .collect(Collectors.joining());
    }
}
