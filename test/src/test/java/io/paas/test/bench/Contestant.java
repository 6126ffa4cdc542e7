package io.paas.test.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A controller process while it has its turn.
final class Contestant implements AutoCloseable {

    private static final Duration QUIET = Duration.ofSeconds(3);
    private static final Duration SETTLING = Duration.ofMinutes(5);

    private final Plane plane;
    private final Account account;
    private final Daemon process;

    private Contestant(Plane plane, Account account, Daemon process) {
        this.plane = plane;
        this.account = account;
        this.process = process;
    }

    static Contestant start(Plane plane, Kind kind, Limits limits, int qps) {
        return switch (kind) {
            case STATEFUL_SET ->
                    new Contestant(
                            plane, Account.KUBE_CONTROLLER_MANAGER, manager(plane, limits, qps));
            case EX_POD_SET, CLUSTER ->
                    new Contestant(
                            plane,
                            Account.CONTROLLERS,
                            Programs.controllers(plane, limits.flags(qps)));
        };
    }

    /// Only the controller that is compared, and no election: it has no rival here, and without one
    /// it does not lose time after an outage.
    private static Daemon manager(Plane plane, Limits limits, int qps) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                plane.server().binary("kube-controller-manager").toString(),
                                "--kubeconfig="
                                        + Account.KUBE_CONTROLLER_MANAGER.login(
                                                plane.server(), plane.folder()),
                                "--controllers=statefulset-controller",
                                "--leader-elect=false",
                                "--secure-port=0"));
        command.addAll(limits.flags(qps));
        if (limits != Limits.SHIPPED) {
            command.add("--concurrent-statefulset-syncs=" + Limits.WORKERS);
        }
        return new Daemon(command, Map.of(), plane.folder().resolve("kube-controller-manager.log"));
    }

    Usage usage() {
        return process.usage();
    }

    int restarts() {
        return process.restarts();
    }

    /// What it asked of kube-apiserver since the mark.
    Traffic traffic() {
        return plane.audit().since(account.user());
    }

    /// Waits until it has nothing more to write.
    void settle() throws InterruptedException {
        plane.audit().awaitQuiet(account.user(), QUIET, SETTLING);
    }

    /// A failure comes with the last lines of its log.
    <T> T explaining(Measurement<T> measurement) throws InterruptedException {
        try {
            return measurement.take();
        } catch (RuntimeException e) {
            e.addSuppressed(new IllegalStateException(process.logTail()));
            throw e;
        }
    }

    @FunctionalInterface
    interface Measurement<T> {
        T take() throws InterruptedException;
    }

    @Override
    public void close() {
        process.close();
    }
}
