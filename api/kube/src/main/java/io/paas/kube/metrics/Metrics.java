package io.paas.kube.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/// The metrics of one process. Asking twice for the same name gives the same metric.
///
/// Names and labels follow Kubernetes' own components, so that their dashboards fit. Never a label
/// with unbounded values (object names).
public final class Metrics {

    // The buckets of client-go's workqueue and controller-runtime, in seconds.
    private static final double[] SECONDS = {
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60
    };

    private final CollectorRegistry registry;
    private final Map<String, Object> byName = new ConcurrentHashMap<>();

    public Metrics() {
        this(new CollectorRegistry());
    }

    public Metrics(CollectorRegistry registry) {
        this.registry = registry;
    }

    public Counter counter(String name, String help, String... labels) {
        return once(
                name,
                Counter.class,
                _ -> Counter.build(name, help).labelNames(labels).register(registry));
    }

    public Gauge gauge(String name, String help, String... labels) {
        return once(
                name,
                Gauge.class,
                _ -> Gauge.build(name, help).labelNames(labels).register(registry));
    }

    /// A gauge that is asked when it is read.
    public void gauge(
            String name, String help, String label, String labelValue, DoubleSupplier value) {
        gauge(name, help, label)
                .setChild(
                        new Gauge.Child() {
                            @Override
                            public double get() {
                                return value.getAsDouble();
                            }
                        },
                        labelValue);
    }

    /// A histogram of seconds.
    public Histogram seconds(String name, String help, String... labels) {
        return once(
                name,
                Histogram.class,
                _ ->
                        Histogram.build(name, help)
                                .labelNames(labels)
                                .buckets(SECONDS)
                                .register(registry));
    }

    /// Everything in the text format 0.0.4; serve it as [TextFormat#CONTENT_TYPE_004].
    public String text() {
        StringWriter out = new StringWriter();
        try {
            TextFormat.write004(out, registry.metricFamilySamples());
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter does not fail", e);
        }
        return out.toString();
    }

    private <M> M once(String name, Class<M> type, Function<String, M> create) {
        return type.cast(byName.computeIfAbsent(name, create));
    }
}
