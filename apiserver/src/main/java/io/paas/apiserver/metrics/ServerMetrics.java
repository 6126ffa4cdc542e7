package io.paas.apiserver.metrics;

import io.paas.apiserver.request.ApiRequest;
import io.paas.apiserver.request.ApiResponse;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/// This server's metrics, named as kube-apiserver names its own. Labels never hold an object's
/// name, nor anything else of which a stranger can invent more.
public final class ServerMetrics {

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private final CollectorRegistry registry;
    private final Counter requests;
    private final Histogram durations;
    private final Gauge inflight;
    private final Gauge certificateExpiry;

    public ServerMetrics(CollectorRegistry registry) {
        this.registry = registry;
        this.requests =
                Counter.build(
                                "apiserver_request_total",
                                "Requests by what was asked and the answer.")
                        .labelNames("verb", "resource", "subresource", "code")
                        .register(registry);
        this.durations =
                Histogram.build("apiserver_request_duration_seconds", "Time until the answer.")
                        .labelNames("verb", "resource", "subresource")
                        .buckets(0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60)
                        .register(registry);
        this.inflight =
                Gauge.build("apiserver_current_inflight_requests", "Requests being answered.")
                        .register(registry);
        this.certificateExpiry =
                Gauge.build(
                                "apiserver_serving_certificate_expiry_timestamp_seconds",
                                "When the serving certificate expires.")
                        .register(registry);
    }

    public void begin() {
        inflight.inc();
    }

    /// Counts an answered request.
    ///
    /// @param method of HTTP; what is none counts as `other`
    public void end(String method, String resource, String subresource, int code, Duration time) {
        String verb = METHODS.contains(method) ? method : "other";
        inflight.dec();
        requests.labels(verb, resource, subresource, Integer.toString(code)).inc();
        durations.labels(verb, resource, subresource).observe(time.toNanos() / 1e9);
    }

    public void servingCertificateExpires(Instant when) {
        certificateExpiry.set((double) when.getEpochSecond());
    }

    public ApiResponse expose(ApiRequest request) {
        String type = TextFormat.chooseContentType(request.headers().first("accept").orElse(null));
        StringWriter text = new StringWriter();
        try {
            TextFormat.writeFormat(type, text, registry.metricFamilySamples());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ApiResponse.of(200, type, text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
