package io.paas.test.bench;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Numbers of the same kind, sorted.
record Sample(List<Double> values) {

    Sample {
        values = values.stream().sorted().toList();
    }

    static <T> Sample of(Collection<T> items, ToDoubleFunction<T> value) {
        return new Sample(items.stream().map(value::applyAsDouble).toList());
    }

    static Sample seconds(Collection<Duration> times) {
        return of(times, time -> time.toNanos() / 1e9);
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    double median() {
        return quantile(0.5);
    }

    /// The smallest value that this share of all does not exceed; NaN of nothing.
    double quantile(double share) {
        return values.isEmpty()
                ? Double.NaN
                : values.get(Math.max(0, (int) Math.ceil(share * values.size()) - 1));
    }

    /// The median, and with several values also where they lie.
    String text(int decimals) {
        if (values.isEmpty()) {
            return "–";
        }
        String number = "%." + decimals + "f";
        return values.size() == 1
                ? number.formatted(median())
                : (number + " (" + number + "–" + number + ")")
                        .formatted(median(), values.getFirst(), values.getLast());
    }
}
