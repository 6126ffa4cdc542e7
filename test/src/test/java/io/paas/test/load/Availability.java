package io.paas.test.load;

import java.time.Duration;
import java.util.List;

/// How a database answered, as its clients count it.
///
/// @param asked how many operations were due
/// @param atOnce how many succeeded at the first attempt
/// @param retried how many succeeded at the first or at the second
/// @param longestGap the longest time from when an operation was due until one that was not due
///   earlier succeeded at its first attempt: its own latency, or the time without any success
/// @param p99 of the operations that succeeded at once: from when they were due to their answers
public record Availability(int asked, int atOnce, int retried, Duration longestGap, Duration p99) {

    /// Of operations in the order in which they were due.
    ///
    /// @param length of the load: after it no success is waited for
    static Availability of(List<Operation> operations, Duration length) {
        List<Operation> atOnce = operations.stream().filter(o -> o.first().ok()).toList();
        return new Availability(
                operations.size(),
                atOnce.size(),
                (int) operations.stream().filter(Operation::succeeded).count(),
                longestGap(operations, length),
                percentile99(atOnce.stream().map(Availability::latency).sorted().toList()));
    }

    /// From the last operation backwards, so that the earliest success to come is known for each.
    private static Duration longestGap(List<Operation> operations, Duration length) {
        Duration longest = Duration.ZERO;
        Duration success = length;
        for (Operation operation : operations.reversed()) {
            Attempt first = operation.first();
            if (first.ok() && first.end().compareTo(success) < 0) {
                success = first.end();
            }
            Duration gap = success.minus(operation.due());
            longest = gap.compareTo(longest) > 0 ? gap : longest;
        }
        return longest;
    }

    private static Duration latency(Operation operation) {
        return operation.first().end().minus(operation.due());
    }

    private static Duration percentile99(List<Duration> sorted) {
        return sorted.isEmpty()
                ? Duration.ZERO
                : sorted.get((int) Math.ceil(sorted.size() * 0.99) - 1);
    }

    /// Of those that succeeded at once; 0 where nothing was asked, since that shows nothing.
    public double rawRatio() {
        return ratio(atOnce);
    }

    /// Of those that succeeded with one retry: what the user of a client library sees.
    public double retriedRatio() {
        return ratio(retried);
    }

    private double ratio(int succeeded) {
        return asked == 0 ? 0 : (double) succeeded / asked;
    }

    @Override
    public String toString() {
        return "%d: %.3f %% at once, %.3f %% with a retry; longest gap %.3f s, p99 %.3f s"
                .formatted(
                        asked,
                        100 * rawRatio(),
                        100 * retriedRatio(),
                        Verdict.seconds(longestGap),
                        Verdict.seconds(p99));
    }
}
