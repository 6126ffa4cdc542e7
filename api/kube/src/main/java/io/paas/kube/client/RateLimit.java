package io.paas.kube.client;

import java.time.Duration;
import java.util.function.LongSupplier;

/// A token bucket as client-go's: so many calls a second on average, and after a pause a burst of
/// them at once. First come, first served.
public final class RateLimit {

    private final double perSecond;
    private final int burst;
    private final LongSupplier nanoTime;
    private double tokens;
    private long countedAt;

    public RateLimit(double perSecond, int burst) {
        this(perSecond, burst, System::nanoTime);
    }

    RateLimit(double perSecond, int burst, LongSupplier nanoTime) {
        if (perSecond <= 0 || burst < 1) {
            throw new IllegalArgumentException("no call would ever pass");
        }
        this.perSecond = perSecond;
        this.burst = burst;
        this.nanoTime = nanoTime;
        this.tokens = burst;
        this.countedAt = nanoTime.getAsLong();
    }

    /// Takes a token, if need be one that is not there yet.
    ///
    /// @return how long to wait until it is; the order of the calls is the order of the tokens
    synchronized Duration take() {
        long now = nanoTime.getAsLong();
        tokens = Math.min(burst, tokens + (now - countedAt) / 1e9 * perSecond);
        countedAt = now;
        tokens--;
        return tokens >= 0 ? Duration.ZERO : Duration.ofNanos((long) (-tokens / perSecond * 1e9));
    }
}
