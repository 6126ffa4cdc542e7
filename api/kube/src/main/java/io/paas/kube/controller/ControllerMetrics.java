package io.paas.kube.controller;

import io.paas.kube.metrics.Metrics;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;

/// client-go's workqueue metrics and controller-runtime's reconcile metrics for one controller.
final class ControllerMetrics {

    private static final double NANOS = 1e9;

    final Gauge.Child depth;
    final Counter.Child adds;
    final Counter.Child retries;
    final Gauge.Child activeWorkers;
    private final Histogram.Child waited;
    private final Histogram.Child worked;
    private final Histogram.Child reconcileTime;
    private final Counter reconciles;
    private final Counter.Child errors;
    private final String controller;

    ControllerMetrics(String controller, Metrics metrics) {
        this.controller = controller;
        depth =
                metrics.gauge("workqueue_depth", "Keys that wait to be reconciled.", "name")
                        .labels(controller);
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

    void started(long waitedNanos) {
        waited.observe(waitedNanos / NANOS);
        activeWorkers.inc();
    }

    /// @param result success, requeue_after or error
    void ended(String result, long workedNanos) {
        activeWorkers.dec();
        worked.observe(workedNanos / NANOS);
        reconcileTime.observe(workedNanos / NANOS);
        reconciles.labels(controller, result).inc();
        if (result.equals("error")) {
            errors.inc();
        }
    }
}
