package io.paas.kube.controller;

import io.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.kubernetes.client.openapi.models.V1Lease;
import io.kubernetes.client.openapi.models.V1LeaseSpec;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.WriteFence;
import io.paas.kube.informer.Informer;
import io.paas.kube.metrics.Metrics;
import io.prometheus.client.Gauge;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps one of several processes leading, by a Lease.
///
/// client-java's lock, but not its elector: that one counts on the wall clock, and a process that
/// was stopped longer than its Lease goes on writing until it notices. Here all waiting is on the
/// monotonic clock, and [#fence()] holds every write back from the moment at which the Lease could
/// be somebody else's.
///
/// Without an answer from kube-apiserver the leader stays what it is, behind the shut fence: nobody
/// else gets an answer either, or takes the Lease. When another process has it, `onLost` is to end
/// this one: only an exit stops surely what it still has in mind.
public final class LeaderElection {

    private static final Logger log = LoggerFactory.getLogger(LeaderElection.class);
    // client-go's defaults.
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(2);
    // Two unanswered calls and the pauses around them fit into the renew deadline.
    private static final Duration CALL = Duration.ofSeconds(3);
    // At the end, together below the 30 s that a Pod has: for the answers to the last writes, then
    // for giving the Lease back.
    private static final Duration LAST_WRITES = Duration.ofSeconds(10);
    private static final Duration GIVING_BACK = Duration.ofSeconds(5);

    private final String lease;
    private final LeaseHold hold = new LeaseHold(RENEW_DEADLINE, System::nanoTime);
    private final LeaseClaim claim;
    private final Informer<V1Lease> watch;
    private final Gauge.Child leading;
    private final Semaphore wake = new Semaphore(0);
    private @Nullable Thread thread;
    private volatile boolean closing;
    private volatile boolean mayGiveBack;

    /// One process's part in it.
    ///
    /// @param identity unlike that of any other process that runs, usually the Pod's name
    public LeaderElection(
            KubeClient kube, String namespace, String lease, String identity, Metrics metrics) {
        this.lease = lease;
        claim =
                new LeaseClaim(
                        new LeaseLock(namespace, lease, identity, kube.apiClient(CALL)),
                        LEASE,
                        hold,
                        System::nanoTime);
        watch =
                new Informer<>(
                                kube.of(BuiltIn.LEASES),
                                ListQuery.inNamespace(namespace).named(lease))
                        .onChange(this::changed);
        leading =
                metrics.gauge(
                                "leader_election_master_status",
                                "1 while this process leads and its writes pass.",
                                "name")
                        .labels(lease);
    }

    /// Open exactly while this process leads.
    public WriteFence fence() {
        return hold;
    }

    public boolean isLeading() {
        return hold.isOpen();
    }

    /// Takes part.
    ///
    /// @param onLeading called once, on a thread of its own
    /// @param onLost called once, when another process has taken over
    public LeaderElection start(Runnable onLeading, Runnable onLost) {
        watch.start();
        thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("leader-election")
                        .start(() -> run(onLeading, onLost));
        return this;
    }

    /// Lets no write begin any more and gives the Lease back as soon as those on their way have
    /// their answers, so that another process leads at once and meets none of them. Without the
    /// answers the Lease is left to run out.
    public void resign() throws InterruptedException {
        mayGiveBack = hold.shut(LAST_WRITES);
        leading.set(0);
        closing = true;
        wake.release();
        Thread running = thread;
        if (running != null) {
            running.join(GIVING_BACK);
        }
        watch.close();
    }

    private void run(Runnable onLeading, Runnable onLost) {
        try {
            while (!closing && !claim.take()) {
                pause();
            }
            boolean told = false;
            LeaseClaim.Outcome outcome = LeaseClaim.Outcome.KEPT;
            while (!closing && outcome != LeaseClaim.Outcome.LOST) {
                boolean open = hold.isOpen();
                leading.set(open ? 1 : 0);
                // Not at once when this process was stopped between its request and here.
                if (open && !told) {
                    told = true;
                    log.info("holds the lease {}", lease);
                    Thread.ofVirtual().name("leading").start(onLeading);
                }
                pause();
                outcome = claim.keep();
            }
            leading.set(0);
            if (!closing) {
                onLost.run();
            } else if (mayGiveBack) {
                claim.giveBack();
            } else {
                log.warn("leaves the lease {} to run out: writes are still on their way", lease);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Until the next attempt is due, or the Lease has become free.
    private void pause() throws InterruptedException {
        long jitter = ThreadLocalRandom.current().nextLong(RETRY.toMillis() / 5);
        if (wake.tryAcquire(RETRY.toMillis() + jitter, TimeUnit.MILLISECONDS)) {
            wake.drainPermits();
        }
    }

    private void changed(Informer.Change<V1Lease> change) {
        V1Lease after = change.after();
        V1LeaseSpec spec = after == null ? null : after.getSpec();
        String holder = spec == null ? null : spec.getHolderIdentity();
        if (holder == null || holder.isEmpty()) {
            wake.release();
        }
    }
}
