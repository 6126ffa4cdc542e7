package io.paas.test.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// One contestant, one number of sets.
final class Turn {

    /// What the first reconciles of a process cost (classes, connections) is not a set's cost.
    private static final int WARM_UP = 10;

    private static final int ONE_MORE_TRIES = 5;
    private static final int TOUCHED = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    // StatefulSet as shipped makes 8 Pods a second.
    private static final Duration PATIENCE_PER_SET = Duration.ofSeconds(2);

    private final Plane plane;
    private final Settings settings;
    private final Kind kind;
    private final Limits limits;
    private final int size;

    Turn(Plane plane, Settings settings, Kind kind, Limits limits, int size) {
        this.plane = plane;
        this.settings = settings;
        this.kind = kind;
        this.limits = limits;
        this.size = size;
    }

    /// What has been seen.
    ///
    /// @param whole from the first request to the last ready set
    /// @param each how long each set took
    /// @param traffic of the controller until it had nothing more to write
    /// @param cpuSeconds of the controller in that time
    /// @param serverCpuSeconds of kube-apiserver in that time
    /// @param residentMiB of the controller afterwards
    /// @param oneMore how long one further set took beside all the others, in several tries
    /// @param rest empty unless asked for
    record Result(
            Kind kind,
            Limits limits,
            int size,
            Duration whole,
            List<Duration> each,
            Traffic traffic,
            double cpuSeconds,
            double serverCpuSeconds,
            double residentMiB,
            List<Duration> oneMore,
            List<Rest> rest) {

        int pods() {
            return size * Kind.PODS;
        }

        double podsPerSecond() {
            return pods() / (whole.toNanos() / 1e9);
        }

        double ownWritesPerPod() {
            return (double) traffic.ownWrites() / pods();
        }
    }

    /// What it does when nothing is to be done, and after an outage.
    ///
    /// @param idle its requests in that time
    /// @param touched how many sets got an annotation that means nothing to it
    /// @param noOp its requests after that
    /// @param noOpCpuSeconds what these reconciles cost
    /// @param recovery how long a set took that was made at the moment when kube-apiserver was back
    /// @param floor how long a Pod of nobody took then
    /// @param afterOutage its requests from then on
    /// @param restarts of its process in the outage
    record Rest(
            Duration idleTime,
            Traffic idle,
            double idleCpuSeconds,
            int touched,
            Traffic noOp,
            double noOpCpuSeconds,
            Duration recovery,
            Duration floor,
            Traffic afterOutage,
            int restarts) {}

    /// @param rest whether to look at idleness and the outage, too
    Result play(boolean oneMore, boolean rest) throws InterruptedException {
        String namespace = plane.newNamespace();
        try (Fleet fleet = new Fleet(plane.kube(), kind, namespace, settings.claims())) {
            try (Contestant contestant = Contestant.start(plane, kind, limits, settings.qps())) {
                return contestant.explaining(
                        () -> play(contestant, fleet, namespace, oneMore, rest));
            } finally {
                // The controller, which would replace the Pods, is closed by now.
                fleet.deleteAll();
                plane.empty(namespace);
            }
        }
    }

    private Result play(
            Contestant contestant, Fleet fleet, String namespace, boolean oneMore, boolean rest)
            throws InterruptedException {
        warmUp(contestant, fleet, namespace);
        plane.audit().mark();
        double begin = contestant.usage().cpuSeconds();
        double serverBegin = serverCpu();
        List<String> names = Fleet.names("set", size);
        List<Duration> each =
                fleet.create(names, PATIENCE.plus(PATIENCE_PER_SET.multipliedBy(size)));
        contestant.settle();
        Usage usage = contestant.usage();
        double serverCpu = serverCpu() - serverBegin;
        Traffic traffic = contestant.traffic();
        if (contestant.restarts() > 0) {
            throw new IllegalStateException(kind + ": its controller died");
        }
        return new Result(
                kind,
                limits,
                size,
                fleet.whole(names),
                each,
                traffic,
                usage.cpuSeconds() - begin,
                serverCpu,
                usage.residentMiB(),
                oneMore ? oneMore(contestant, fleet) : List.of(),
                rest ? List.of(rest(contestant, fleet, names)) : List.of());
    }

    private void warmUp(Contestant contestant, Fleet fleet, String namespace)
            throws InterruptedException {
        fleet.create(Fleet.names("warm", WARM_UP), PATIENCE);
        contestant.settle();
        fleet.deleteAll();
        // It must know that the sets are gone before their Pods are.
        contestant.settle();
        plane.empty(namespace);
        contestant.settle();
    }

    private List<Duration> oneMore(Contestant contestant, Fleet fleet) throws InterruptedException {
        List<Duration> times = new ArrayList<>();
        for (String name : Fleet.names("more", ONE_MORE_TRIES)) {
            times.addAll(fleet.create(List.of(name), PATIENCE));
            contestant.settle();
        }
        return times;
    }

    private Rest rest(Contestant contestant, Fleet fleet, List<String> names)
            throws InterruptedException {
        plane.audit().mark();
        double before = contestant.usage().cpuSeconds();
        // What is measured is that nothing happens, so there is nothing to wait for.
        Thread.sleep(settings.idle());
        double idleCpu = contestant.usage().cpuSeconds() - before;
        Traffic idle = contestant.traffic();

        plane.audit().mark();
        List<String> touched = names.subList(0, Math.min(TOUCHED, names.size()));
        before = contestant.usage().cpuSeconds();
        fleet.touch(touched);
        contestant.settle();
        double noOpCpu = contestant.usage().cpuSeconds() - before;
        Traffic noOp = contestant.traffic();

        Duration recovery = Duration.ZERO;
        Duration floor = Duration.ZERO;
        plane.audit().mark();
        if (settings.outage().isPositive()) {
            plane.outage(settings.outage());
            FutureTask<Duration> bare = new FutureTask<>(() -> Ceiling.untilReady(plane, 1));
            Thread.ofVirtual().start(bare);
            recovery = fleet.create(List.of("after"), PATIENCE).getFirst();
            floor = result(bare);
            contestant.settle();
        }
        return new Rest(
                settings.idle(),
                idle,
                idleCpu,
                touched.size(),
                noOp,
                noOpCpu,
                recovery,
                floor,
                contestant.traffic(),
                contestant.restarts());
    }

    private static Duration result(FutureTask<Duration> task) throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private double serverCpu() {
        return Usage.of(plane.server().pid("kube-apiserver")).cpuSeconds();
    }
}
