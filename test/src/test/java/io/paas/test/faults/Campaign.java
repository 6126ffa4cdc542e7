package io.paas.test.faults;

import io.paas.test.support.KubeApiServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Many runs, several at a time: most of a run is waiting.
final class Campaign {

    private final KubeApiServer server;
    private final Api api;
    private final int atOnce;
    private final Map<Scenario, Reference> references = new EnumMap<>(Scenario.class);

    Campaign(KubeApiServer server, int atOnce) {
        this.server = server;
        this.api = new Api(server);
        this.atOnce = atOnce;
        installSets(server);
    }

    static void installSets(KubeApiServer server) {
        server.kubectl(
                "apply", "--server-side", "-f", "../apiservice-manifests/crds/expodsets.yaml");
        server.kubectl("wait", "--for=condition=Established", "crd/expodsets.paas.io");
    }

    /// The undisturbed runs.
    ///
    /// @param quiet how long each must stay without a write at its end
    Campaign learn(Duration quiet) throws Exception {
        List<Callable<Reference>> runs = new ArrayList<>();
        for (Scenario scenario : Scenario.values()) {
            runs.add(() -> new Run(server, api, quiet, Run.LIMIT).reference(scenario));
        }
        try (ExecutorService pool = Executors.newFixedThreadPool(atOnce)) {
            for (Future<Reference> reference : pool.invokeAll(runs)) {
                references.put(reference.get().scenario(), reference.get());
            }
        }
        return this;
    }

    /// All points in an order that the seed decides. The order of two points does not depend on the
    /// others, of which there are a few more or less each time: a seed repeats a sample.
    List<Point> points(long seed) {
        return references.values().stream()
                .flatMap(reference -> reference.points().stream())
                .sorted(Comparator.comparingInt(point -> rank(point, seed)))
                .toList();
    }

    private static int rank(Point point, long seed) {
        return new Random(seed * 31 + point.toString().hashCode()).nextInt();
    }

    /// Tries points in their order.
    ///
    /// @param budget after which no further run begins
    Report attempt(List<Point> points, Duration quiet, Duration budget) throws Exception {
        long begin = System.nanoTime();
        Queue<Point> open = new ConcurrentLinkedQueue<>(points);
        Map<Point, Outcome> outcomes = new ConcurrentHashMap<>();
        Callable<Void> worker =
                () -> {
                    for (Point point;
                            System.nanoTime() - begin < budget.toNanos()
                                    && (point = open.poll()) != null; ) {
                        Outcome outcome = attempt(point, quiet);
                        outcomes.put(point, outcome);
                        progress(outcomes.size(), points.size(), point, outcome);
                    }
                    return null;
                };
        try (ExecutorService pool = Executors.newFixedThreadPool(atOnce)) {
            for (Future<?> each : pool.invokeAll(Collections.nCopies(atOnce, worker))) {
                each.get();
            }
        }
        return new Report(outcomes, Duration.ofNanos(System.nanoTime() - begin));
    }

    /// A long campaign is watched: failures at once, else a line for each hundred.
    private static void progress(int tried, int all, Point point, Outcome outcome) {
        if (outcome instanceof Outcome.Failed(List<String> reasons)) {
            System.out.println("FAILED " + point + ": " + reasons);
        } else if (tried % 100 == 0) {
            System.out.println(tried + " of " + all);
        }
    }

    private Outcome attempt(Point point, Duration quiet) throws Exception {
        Run run = new Run(server, api, quiet, Run.LIMIT);
        Reference reference = references.get(point.scenario());
        Outcome outcome = run.with(point, reference);
        // How many writes of the status there are depends on time; often the next run has the n-th.
        return outcome instanceof Outcome.NotReached ? run.with(point, reference) : outcome;
    }
}
