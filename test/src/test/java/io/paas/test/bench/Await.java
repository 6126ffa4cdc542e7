package io.paas.test.bench;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Waits for what happens elsewhere.
final class Await {

    private static final Duration PAUSE = Duration.ofMillis(100);

    private Await() {}

    /// Looks until it holds.
    ///
    /// @throws IllegalStateException with what was waited for, when it does not hold in time
    static void until(String what, Duration limit, BooleanSupplier holds)
            throws InterruptedException {
        long begin = System.nanoTime();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - begin > limit.toNanos()) {
                throw new IllegalStateException("waited %s for %s".formatted(limit, what));
            }
            Thread.sleep(PAUSE);
        }
    }
}
