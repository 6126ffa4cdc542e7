package io.paas.test.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The controllers and the API server, one process each, with one number of clusters on a plane of
/// their own.
final class ClusterTurn {

    private static final int ONE_MORE_TRIES = 5;
    private static final String EXTENSIONS = "/api/v1/namespaces/middleware-extensions/configmaps";
    private static final Path PACKAGE = Path.of("src/test/resources/bench/extension");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PATIENCE_PER_CLUSTER = Duration.ofSeconds(2);

    private final Plane plane;
    private final Settings settings;
    private final int size;

    ClusterTurn(Plane plane, Settings settings, int size) {
        this.plane = plane;
        this.settings = settings;
        this.size = size;
    }

    /// What has been seen; times and writes as in [Turn.Result].
    ///
    /// @param controllersMiB memory at the end, after all connections have been asked for
    /// @param idle requests of the controllers while nothing happened
    record Result(
            int size,
            Duration whole,
            List<Duration> each,
            Traffic traffic,
            double cpuSeconds,
            double controllersMiB,
            double apiServerMiB,
            List<Duration> oneMore,
            Traffic idle,
            double idleCpuSeconds) {

        double megabytes() {
            return controllersMiB + apiServerMiB;
        }
    }

    Result play() throws InterruptedException {
        String namespace = plane.newNamespace();
        int port = Programs.freePort();
        try (Scheduler _ = new Scheduler(plane.kube(), namespace);
                Contestant controllers =
                        Contestant.start(plane, Kind.CLUSTER, Limits.SHIPPED, settings.qps());
                Daemon apiServer = Programs.apiServer(plane, port);
                Kube verbs = new Kube(plane.server(), "https://127.0.0.1:" + port);
                Fleet fleet = new Fleet(plane.kube(), Kind.CLUSTER, namespace, false)) {
            return controllers.explaining(
                    () -> play(namespace, controllers, apiServer, verbs, fleet));
        }
    }

    private Result play(
            String namespace, Contestant controllers, Daemon apiServer, Kube verbs, Fleet fleet)
            throws InterruptedException {
        publish(namespace);
        fleet.create(List.of("warm"), PATIENCE);
        controllers.settle();

        plane.audit().mark();
        double begin = controllers.usage().cpuSeconds();
        List<String> names = Fleet.names("cluster", size);
        List<Duration> each =
                fleet.create(names, PATIENCE.plus(PATIENCE_PER_CLUSTER.multipliedBy(size)));
        controllers.settle();
        double cpu = controllers.usage().cpuSeconds() - begin;
        Traffic traffic = controllers.traffic();

        List<Duration> oneMore = new ArrayList<>();
        for (String name : Fleet.names("more", ONE_MORE_TRIES)) {
            oneMore.addAll(fleet.create(List.of(name), PATIENCE));
            controllers.settle();
        }

        plane.audit().mark();
        double before = controllers.usage().cpuSeconds();
        // What is measured is that nothing happens, so there is nothing to wait for.
        Thread.sleep(settings.idle());
        double idleCpu = controllers.usage().cpuSeconds() - before;
        Traffic idle = controllers.traffic();

        askForConnections(verbs, namespace, names);
        if (controllers.restarts() + apiServer.restarts() > 0) {
            throw new IllegalStateException("a process died; API server: " + apiServer.logTail());
        }
        return new Result(
                size,
                fleet.whole(names),
                each,
                traffic,
                cpu,
                controllers.usage().residentMiB(),
                apiServer.usage().residentMiB(),
                oneMore,
                idle,
                idleCpu);
    }

    /// Returns when admission knows it.
    private void publish(String namespace) throws InterruptedException {
        plane.server()
                .kubectl(
                        "create",
                        "configmap",
                        "bench-1.0.0",
                        "-n",
                        "middleware-extensions",
                        "--from-file=" + PACKAGE);
        plane.kube()
                .merge(
                        EXTENSIONS + "/bench-1.0.0",
                        """
                        {"immutable": true, "metadata": {"labels": {
                          "middleware.paas.io/extension": "bench",
                          "middleware.paas.io/extension-version": "1.0.0"}}}""");
        Await.until("the extension to be admitted", PATIENCE, () -> isAdmitted(namespace));
    }

    private boolean isAdmitted(String namespace) {
        try {
            plane.kube()
                    .create(
                            Kind.CLUSTER.path(namespace) + "?dryRun=All",
                            Kind.CLUSTER.manifest("probe", false));
            return true;
        } catch (Kube.Refused _) {
            return false;
        }
    }

    /// Each once, as a console would: the API server must know the cluster for it.
    private static void askForConnections(Kube verbs, String namespace, List<String> names)
            throws InterruptedException {
        Kube.inParallel(
                names.stream()
                        .map(
                                name ->
                                        () ->
                                                verbs.get(
                                                        "/apis/middleware.paas.io/v1/namespaces/"
                                                                + namespace
                                                                + "/middlewareclusters/"
                                                                + name
                                                                + "/connection")));
    }
}
