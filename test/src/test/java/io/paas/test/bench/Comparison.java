package io.paas.test.bench;

import io.paas.test.bench.Turn.Result;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// All turns of both kinds, and what follows from several of them together.
record Comparison(Settings settings, List<Result> results) {

    private static final Duration WINDOW = Duration.ofSeconds(10);
    // Requests are stamped when they are answered, which lets a few of two windows meet.
    private static final double TOLERANCE = 1.1;
    private static final int LEAST_FOR_SLOPE = 500;

    /// What the client's limits promise: the burst once, then the rate.
    boolean obeysLimits(Result result) {
        double most = settings.qps() * (WINDOW.toSeconds() + 2.0);
        return result.limits() != Limits.EQUAL || result.traffic().peak(WINDOW) <= TOLERANCE * most;
    }

    /// How long one further set took beside so many.
    Sample oneMore(Kind kind, int size) {
        return Sample.seconds(
                of(kind, Limits.SHIPPED, size).stream()
                        .map(Result::oneMore)
                        .flatMap(Collection::stream)
                        .toList());
    }

    /// MiB for 1,000 sets more; nothing when the sizes are so close that noise decides.
    Sample slope(Kind kind) {
        List<Result> few = of(kind, Limits.SHIPPED, settings.smallest());
        List<Result> many = of(kind, Limits.SHIPPED, settings.largest());
        int more = settings.largest() - settings.smallest();
        return more < LEAST_FOR_SLOPE
                ? new Sample(List.of())
                : new Sample(
                        IntStream.range(0, Math.min(few.size(), many.size()))
                                .mapToObj(
                                        i ->
                                                (many.get(i).residentMiB()
                                                                - few.get(i).residentMiB())
                                                        * 1000
                                                        / more)
                                .toList());
    }

    /// Ours over theirs, round by round: both had the same neighbours.
    Sample ratios(Limits limits, int size, ToDoubleFunction<Result> value) {
        List<Result> theirs = of(Kind.STATEFUL_SET, limits, size);
        List<Result> ours = of(Kind.EX_POD_SET, limits, size);
        return new Sample(
                IntStream.range(0, Math.min(theirs.size(), ours.size()))
                        .mapToObj(
                                i ->
                                        value.applyAsDouble(ours.get(i))
                                                / value.applyAsDouble(theirs.get(i)))
                        .toList());
    }

    /// In the order of the rounds.
    List<Result> of(Kind kind, Limits limits, int size) {
        return results.stream()
                .filter(r -> r.kind() == kind && r.limits() == limits && r.size() == size)
                .toList();
    }
}
