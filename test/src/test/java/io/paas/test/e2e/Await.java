package io.paas.test.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// The one way to wait: says what it waits for and what it saw last.
final class Await {

    private static final Duration PAUSE = Duration.ofMillis(100);

    /// Looks until `enough` holds, and answers what was seen then.
    static <T> T until(String what, Duration limit, Supplier<T> look, Predicate<? super T> enough) {
        var begin = Instant.now();
        while (true) {
            var seen = look.get();
            if (enough.test(seen)) {
                return seen;
            }
            if (elapsed(begin).compareTo(limit) > 0) {
                throw new AssertionError(
                        "waited %.1f s for %s; last seen: %s"
                                .formatted(seconds(elapsed(begin)), what, seen));
            }
            pause(PAUSE);
        }
    }

    static void until(String what, Duration limit, Supplier<Boolean> holds) {
        until(what, limit, holds, held -> held);
    }

    /// Checks that something stays so: a change fails at once.
    static <T> void whileFor(
            String what, Duration period, Supplier<T> look, Predicate<? super T> still) {
        var begin = Instant.now();
        while (elapsed(begin).compareTo(period) < 0) {
            var seen = look.get();
            if (!still.test(seen)) {
                throw new AssertionError(
                        "%s ended after %.1f s: %s".formatted(what, seconds(elapsed(begin)), seen));
            }
            pause(PAUSE);
        }
    }

    static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    static Duration elapsed(Instant begin) {
        return Duration.between(begin, Instant.now());
    }

    static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private Await() {}
}
