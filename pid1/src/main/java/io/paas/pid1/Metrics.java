package io.paas.pid1;

import io.paas.wire.ProcessState;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/// The agent's figures in the Prometheus text format.
final class Metrics {
    private final LauncherClient launcher;
    private final LongAdder passed = new LongAdder();
    private final LongAdder failed = new LongAdder();

    Metrics(LauncherClient launcher) {
        this.launcher = launcher;
    }

    void healthChecked(boolean ok) {
        (ok ? passed : failed).increment();
    }

    String text() {
        StringBuilder text = new StringBuilder();
        boolean connected = launcher.status().isPresent();
        add(text, "middleware_launcher_connected", "gauge", connected ? 1 : 0);
        launcher.status()
                .ifPresent(
                        service -> {
                            add(text, "middleware_process_ready", "gauge", service.ready() ? 1 : 0);
                            add(
                                    text,
                                    "middleware_process_restarts_total",
                                    "counter",
                                    service.restarts());
                            add(
                                    text,
                                    "middleware_process_start_time_seconds",
                                    "gauge",
                                    service.startedMillis() / 1000);
                            states(text, service.state());
                        });
        add(text, "middleware_health_checks_passed_total", "counter", passed.sum());
        add(text, "middleware_health_checks_failed_total", "counter", failed.sum());
        return text.toString();
    }

    private static void states(StringBuilder text, ProcessState now) {
        text.append("# TYPE middleware_process_state gauge\n");
        for (ProcessState state : ProcessState.values()) {
            text.append("middleware_process_state{state=\"")
                    .append(state.name().toLowerCase(Locale.ROOT))
                    .append("\"} ")
                    .append(state == now ? 1 : 0)
                    .append('\n');
        }
    }

    private static void add(StringBuilder text, String name, String type, long value) {
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        text.append(name).append(' ').append(value).append('\n');
    }
}
