package io.paas.kube.client;

import io.paas.kube.metrics.Metrics;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import java.time.Duration;

/// client-go's metrics of calls to kube-apiserver.
final class RestMetrics {

    private final Counter requests;
    private final Histogram waits;

    RestMetrics(Metrics metrics) {
        requests =
                metrics.counter(
                        "rest_client_requests_total",
                        "Requests to kube-apiserver by method and status code.",
                        "method",
                        "code");
        waits =
                metrics.seconds(
                        "rest_client_rate_limiter_duration_seconds",
                        "Time that calls waited for the client's own rate limit.",
                        "verb");
    }

    void answered(String method, int code) {
        requests.labels(method, Integer.toString(code)).inc();
    }

    void unanswered(String method) {
        requests.labels(method, "<error>").inc();
    }

    void waited(String method, Duration wait) {
        waits.labels(method).observe(wait.toNanos() / 1e9);
    }
}
