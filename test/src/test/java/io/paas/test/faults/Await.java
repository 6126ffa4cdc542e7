package io.paas.test.faults;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Waits for what happens elsewhere.
final class Await {

    private static final Duration PAUSE = Duration.ofMillis(50);

    private Await() {}

    /// Looks until it holds.
    ///
    /// @throws IllegalStateException with what was waited for, when it does not hold in time
    static void until(String what, Duration limit, BooleanSupplier holds)
            throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("waited %s for %s".formatted(limit, what));
            }
            Thread.sleep(PAUSE);
        }
    }
}
