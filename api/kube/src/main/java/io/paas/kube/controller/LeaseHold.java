package io.paas.kube.controller;

import io.paas.kube.client.WriteFence;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// For how long our Lease surely is nobody else's, on the monotonic clock.
///
/// That clock goes on while the process is stopped, and nobody can set it: a process that was
/// stopped for a minute knows at its first instruction that its time is over.
final class LeaseHold implements WriteFence {

    private static final int MANY = Integer.MAX_VALUE;

    private final Duration validity;
    private final LongSupplier nanoTime;
    // One permit is out for each write on its way.
    private final Semaphore writes = new Semaphore(MANY);
    private volatile @Nullable Long renewedAt;
    private volatile boolean ending;
    private volatile boolean shut;

    /// @param validity after a renewal; shorter than what others wait before they take the Lease
    LeaseHold(Duration validity, LongSupplier nanoTime) {
        this.validity = validity;
        this.nanoTime = nanoTime;
    }

    /// The Lease was renewed.
    ///
    /// @param sentAt before the renewal was sent: others count from its arrival, which is later
    void renewed(long sentAt) {
        renewedAt = sentAt;
    }

    @Override
    public boolean isOpen() {
        Long since = renewedAt;
        return !shut && since != null && nanoTime.getAsLong() - since < validity.toNanos();
    }

    @Override
    public boolean tryBegin() {
        if (ending || !writes.tryAcquire()) {
            return false;
        }
        boolean open = isOpen();
        if (!open) {
            writes.release();
        }
        return open;
    }

    @Override
    public void end() {
        writes.release();
    }

    /// Lets no write begin any more, gives those on their way some time, and shuts for ever.
    ///
    /// @return whether nothing is on its way
    boolean shut(Duration patience) throws InterruptedException {
        ending = true;
        boolean settled = writes.tryAcquire(MANY, patience.toNanos(), TimeUnit.NANOSECONDS);
        shut = true;
        return settled;
    }
}
