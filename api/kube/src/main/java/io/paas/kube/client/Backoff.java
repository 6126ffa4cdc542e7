package io.paas.kube.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Exponential delays with jitter, so that many waiters do not come back together.
public final class Backoff {

    private Backoff() {}

    /// `first * 2^failures`, at most `longest`, of which the upper half is random.
    public static Duration delay(
            Duration first, Duration longest, int failures, RandomGenerator random) {
        double doubled = (double) first.toMillis() * Math.pow(2, Math.min(failures, 30));
        double capped = Math.min(doubled, (double) longest.toMillis());
        return Duration.ofMillis(Math.round(capped / 2 + capped / 2 * random.nextDouble()));
    }
}
