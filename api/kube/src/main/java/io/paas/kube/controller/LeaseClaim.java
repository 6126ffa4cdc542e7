package io.paas.kube.controller;

import io.kubernetes.client.extended.leaderelection.LeaderElectionRecord;
import io.kubernetes.client.extended.leaderelection.Lock;
import io.kubernetes.client.openapi.ApiException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this process does to the Lease. Used by one thread.
///
/// The times written in a Lease are of somebody's wall clock and for people only. Another's Lease
/// has run out when it has not changed for its duration since *we* saw it change.
final class LeaseClaim {

    /// How an attempt to keep the Lease ended.
    enum Outcome {
        KEPT,
        NO_ANSWER,
        LOST
    }

    private static final Logger log = LoggerFactory.getLogger(LeaseClaim.class);
    private static final int NOT_FOUND = 404;
    private static final int NO_TERM = -1;

    private final Lock lock;
    private final Duration duration;
    private final LeaseHold hold;
    private final LongSupplier nanoTime;
    private @Nullable LeaderElectionRecord seen;
    private long seenAt;
    // The number of our time as a leader: every holder's is one more than the one before.
    private int term = NO_TERM;
    private Date acquired = Date.from(Instant.EPOCH);

    LeaseClaim(Lock lock, Duration duration, LeaseHold hold, LongSupplier nanoTime) {
        this.lock = lock;
        this.duration = duration;
        this.hold = hold;
        this.nanoTime = nanoTime;
    }

    /// Takes the Lease if it is nobody's; false when it was not to be had.
    boolean take() {
        long sentAt = nanoTime.getAsLong();
        try {
            LeaderElectionRecord present = find();
            if (present == null) {
                return won(0, sentAt, lock.create(record(0)));
            }
            look(present);
            int next = present.getLeaderTransitions() + 1;
            return isFree(present) && won(next, sentAt, lock.update(record(next)));
        } catch (ApiException e) {
            log.warn("cannot read the lease {}: {}", lock.describe(), said(e));
            return false;
        } catch (RuntimeException e) {
            log.warn("cannot take the lease {}", lock.describe(), e);
            return false;
        }
    }

    Outcome keep() {
        long sentAt = nanoTime.getAsLong();
        try {
            LeaderElectionRecord present = find();
            if (present == null || !isOurs(present)) {
                term = NO_TERM;
                return Outcome.LOST;
            }
            // Refused when anybody wrote it since we read it; then the next attempt says why.
            return won(term, sentAt, lock.update(record(term))) ? Outcome.KEPT : Outcome.NO_ANSWER;
        } catch (ApiException e) {
            log.warn("cannot renew the lease {}: {}", lock.describe(), said(e));
            return Outcome.NO_ANSWER;
        } catch (RuntimeException e) {
            // Whatever it is: without this thread nobody would notice that the lease is lost.
            log.warn("cannot renew the lease {}", lock.describe(), e);
            return Outcome.NO_ANSWER;
        }
    }

    /// Frees the Lease, unless anybody wrote it since we did. Without reading it first: another
    /// waits.
    void giveBack() {
        if (term == NO_TERM) {
            return;
        }
        LeaderElectionRecord free = record(term);
        free.setHolderIdentity("");
        free.setLeaseDurationSeconds(1);
        if (!lock.update(free)) {
            log.warn("could not give the lease {} back", lock.describe());
        }
    }

    private boolean won(int newTerm, long sentAt, boolean written) {
        if (written) {
            term = newTerm;
            hold.renewed(sentAt);
        }
        return written;
    }

    private @Nullable LeaderElectionRecord find() throws ApiException {
        try {
            return lock.get();
        } catch (ApiException e) {
            if (e.getCode() == NOT_FOUND) {
                return null;
            }
            throw e;
        } catch (NullPointerException _) {
            // How client-java reads a Lease whose spec somebody emptied: it is nobody's.
            return new LeaderElectionRecord();
        }
    }

    private void look(LeaderElectionRecord present) {
        if (seen == null || !isSame(seen, present)) {
            seen = present;
            seenAt = nanoTime.getAsLong();
        }
    }

    private static boolean isSame(LeaderElectionRecord a, LeaderElectionRecord b) {
        return a.getLeaderTransitions() == b.getLeaderTransitions()
                && Objects.equals(a.getHolderIdentity(), b.getHolderIdentity())
                && Objects.equals(instant(a.getRenewTime()), instant(b.getRenewTime()));
    }

    private static @Nullable Instant instant(@Nullable Date time) {
        return time == null ? null : time.toInstant();
    }

    private boolean isFree(LeaderElectionRecord present) {
        String holder = present.getHolderIdentity();
        // Our own name: a former process of this Pod, which has ended.
        return holder == null
                || holder.isEmpty()
                || holder.equals(lock.identity())
                || nanoTime.getAsLong() - seenAt >= lifetime(present).toNanos();
    }

    private static Duration lifetime(LeaderElectionRecord present) {
        return Duration.ofSeconds(present.getLeaseDurationSeconds());
    }

    private boolean isOurs(LeaderElectionRecord present) {
        return lock.identity().equals(present.getHolderIdentity())
                && present.getLeaderTransitions() == term;
    }

    private LeaderElectionRecord record(int number) {
        Date now = Date.from(Instant.now());
        if (number != term) {
            acquired = now;
        }
        LeaderElectionRecord ours = new LeaderElectionRecord();
        ours.setHolderIdentity(lock.identity());
        ours.setLeaderTransitions(number);
        ours.setLeaseDurationSeconds((int) duration.toSeconds());
        ours.setAcquireTime(acquired);
        ours.setRenewTime(now);
        return ours;
    }

    private static String said(ApiException e) {
        return e.getCode() == 0 ? String.valueOf(e.getMessage()) : "HTTP " + e.getCode();
    }
}
