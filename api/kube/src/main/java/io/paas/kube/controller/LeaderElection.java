package io.paas.kube.controller;

import io.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.kubernetes.client.extended.leaderelection.LeaderElector;
import io.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.kubernetes.client.openapi.ApiClient;
import io.paas.kube.metrics.Metrics;
import io.prometheus.client.Gauge;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps one of several processes leading, by a Lease.
///
/// A lost lease ends the process (`onLost`): whatever it still has in flight would write beside the
/// new leader, and only an exit stops that surely. client-go's users do the same.
public final class LeaderElection implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LeaderElection.class);
    // client-go's defaults.
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final LeaderElector elector;
    private final Gauge.Child leading;
    private final Thread thread;
    private volatile boolean closing;

    public LeaderElection(
            ApiClient client,
            String namespace,
            String lease,
            String identity,
            Metrics metrics,
            Runnable onLeading,
            Runnable onLost) {
        leading =
                metrics.gauge(
                                "leader_election_master_status",
                                "1 while this process leads.",
                                "name")
                        .labels(lease);
        elector =
                new LeaderElector(
                        new LeaderElectionConfig(
                                new LeaseLock(namespace, lease, identity, client),
                                LEASE,
                                RENEW_DEADLINE,
                                RETRY),
                        e -> log.warn("cannot get or renew the lease {}", lease, e));
        thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("leader-election")
                        .unstarted(() -> elector.run(() -> won(onLeading), () -> lost(onLost)));
    }

    public LeaderElection start() {
        thread.start();
        return this;
    }

    public boolean isLeading() {
        return leading.get() == 1;
    }

    /// Gives the lease back, so that another process leads at once. Stop writing first.
    @Override
    public void close() {
        closing = true;
        elector.close();
        leading.set(0);
    }

    private void won(Runnable onLeading) {
        leading.set(1);
        onLeading.run();
    }

    private void lost(Runnable onLost) {
        leading.set(0);
        if (!closing) {
            onLost.run();
        }
    }
}
