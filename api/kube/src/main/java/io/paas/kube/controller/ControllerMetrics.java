package io.paas.kube.controller;

import io.paas.kube.metrics.Metrics;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.stream.DoubleStream;

/// client-go's workqueue metrics and controller-runtime's reconcile metrics for one controller.
final class ControllerMetrics {

    private static final double NANOS = 1e9;

    final Counter.Child adds;
    final Counter.Child retries;
    final Gauge.Child activeWorkers;
    private final Histogram.Child waited;
    private final Histogram.Child worked;
    private final Histogram.Child reconcileTime;
    private final Counter reconciles;
    private final Counter.Child errors;
    private final String controller;
    private final Set<Running> running = ConcurrentHashMap.newKeySet();

    /// The metrics of one controller.
    ///
    /// @param depth of its queue
    ControllerMetrics(String controller, IntSupplier depth, int concurrency, Metrics metrics) {
        this.controller = controller;
        metrics.gauge(
                "workqueue_depth",
                "Keys that wait to be reconciled.",
                "name",
                controller,
                depth::getAsInt);
        metrics.gauge(
                "workqueue_unfinished_work_seconds",
                "Time spent so far in reconciles that still run, summed.",
                "name",
                controller,
                () -> ages().sum());
        metrics.gauge(
                "workqueue_longest_running_processor_seconds",
                "Age of the oldest reconcile that still runs.",
                "name",
                controller,
                () -> ages().max().orElse(0));
        metrics.gauge(
                        "controller_runtime_max_concurrent_reconciles",
                        "Reconciles that may run at once.",
                        "controller")
                .labels(controller)
                .set(concurrency);
        adds =
                metrics.counter("workqueue_adds_total", "Keys handed to the queue.", "name")
                        .labels(controller);
        retries =
                metrics.counter("workqueue_retries_total", "Keys queued with backoff.", "name")
                        .labels(controller);
        waited =
                metrics.seconds(
                                "workqueue_queue_duration_seconds",
                                "Time a key waited before it was worked on.",
                                "name")
                        .labels(controller);
        worked =
                metrics.seconds(
                                "workqueue_work_duration_seconds",
                                "Time a key was worked on.",
                                "name")
                        .labels(controller);
        activeWorkers =
                metrics.gauge(
                                "controller_runtime_active_workers",
                                "Reconciles that run now.",
                                "controller")
                        .labels(controller);
        reconcileTime =
                metrics.seconds(
                                "controller_runtime_reconcile_time_seconds",
                                "Time of one reconcile.",
                                "controller")
                        .labels(controller);
        reconciles =
                metrics.counter(
                        "controller_runtime_reconcile_total",
                        "Reconciles by result.",
                        "controller",
                        "result");
        errors =
                metrics.counter(
                                "controller_runtime_reconcile_errors_total",
                                "Reconciles that failed.",
                                "controller")
                        .labels(controller);
    }

    /// A reconcile begins.
    ///
    /// @return to be handed to [#ended]
    Running started(long waitedNanos) {
        waited.observe(waitedNanos / NANOS);
        activeWorkers.inc();
        Running run = new Running(System.nanoTime());
        running.add(run);
        return run;
    }

    /// A reconcile has ended.
    ///
    /// @param result success, requeue_after or error
    void ended(Running run, String result) {
        running.remove(run);
        activeWorkers.dec();
        worked.observe(run.age());
        reconcileTime.observe(run.age());
        reconciles.labels(controller, result).inc();
        if (result.equals("error")) {
            errors.inc();
        }
    }

    private DoubleStream ages() {
        return running.stream().mapToDouble(Running::age);
    }

    /// One reconcile under way; equal to itself only.
    static final class Running {

        private final long since;

        private Running(long since) {
            this.since = since;
        }

        private double age() {
            return (System.nanoTime() - since) / NANOS;
        }
    }
}
