package io.paas.test.conformance.workload;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// How long a case waits for what must come, and how long it watches what must not change.
record Patience(Duration outcome, Duration standstill) {

    private static final Duration PAUSE = Duration.ofMillis(50);

    /// Looks until it holds, and answers what was seen then.
    <T> T await(String what, Supplier<T> look, Predicate<? super T> holds) {
        long begin = System.nanoTime();
        while (true) {
            T seen = look.get();
            if (holds.test(seen)) {
                return seen;
            }
            if (System.nanoTime() - begin > outcome.toNanos()) {
                throw new AssertionError(
                        "waited "
                                + outcome.toSeconds()
                                + " s for "
                                + what
                                + "; last seen: "
                                + seen);
            }
            pause();
        }
    }

    /// Fails at once when it changes.
    <T> void stays(String what, Supplier<T> look, Predicate<? super T> holds) {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < standstill.toNanos()) {
            T seen = look.get();
            if (!holds.test(seen)) {
                throw new AssertionError(what + " did not last: " + seen);
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
