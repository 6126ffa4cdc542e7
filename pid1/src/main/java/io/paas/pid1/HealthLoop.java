package io.paas.pid1;

import com.google.gson.JsonObject;
import io.paas.lifecycle.Hook;
import io.paas.lifecycle.Runs;
import io.paas.wire.HealthPolicy;
import io.paas.wire.HookReply;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Runs the extension's `health-check` while the process runs and tells the launcher the verdict.
final class HealthLoop {
    static final String API = "health-check";
    private static final int DEFAULT_PERIOD_SECONDS = 5;
    private static final int DEFAULT_THRESHOLD = 3;

    /// A process that has not passed yet is asked more often, so that Ready comes soon; one that
    /// loads for long at a twentieth of its age, so that asking does not slow it down.
    private static final long EAGER_MILLIS = 200;

    private static final int EAGER_SHARE = 20;

    private final LauncherClient launcher;
    private final Runs runs;
    private final Hook hook;
    private final ConfigStore config;
    private final Metrics metrics;
    private final Instant agentStartedAt;
    private HealthVerdict verdict = HealthVerdict.fresh("");

    HealthLoop(
            LauncherClient launcher,
            Runs runs,
            Hook hook,
            ConfigStore config,
            Metrics metrics,
            Instant agentStartedAt) {
        this.launcher = launcher;
        this.runs = runs;
        this.hook = hook;
        this.config = config;
        this.metrics = metrics;
        this.agentStartedAt = agentStartedAt;
    }

    /// Never returns.
    void runForEver() throws InterruptedException {
        while (true) {
            ServiceStatus service = launcher.status().orElse(null);
            if (service == null || !service.isRunning()) {
                launcher.awaitNews(launcher.generation(), 1000);
                continue;
            }
            if (!service.incarnation().equals(verdict.incarnation())) {
                verdict = HealthVerdict.first(service, agentStartedAt);
            }
            check();
            tell();
            pause(service);
        }
    }

    private void check() {
        Optional<HookReply> reply = runs.call(bounded(), new JsonObject());
        if (reply.isEmpty()) {
            return;
        }
        boolean ok = reply.get().code() == 200;
        metrics.healthChecked(ok);
        verdict = ok ? verdict.passed() : verdict.failed(threshold());
    }

    /// The process may be another one by now; its own verdict starts afresh.
    private void tell() {
        Optional<ServiceStatus> now = launcher.status();
        if (now.isPresent()
                && now.get().incarnation().equals(verdict.incarnation())
                && now.get().verdict() != verdict.verdict()) {
            switch (verdict.verdict()) {
                case NONE -> {}
                case OK -> tell(now.get(), "ok");
                case BAD -> tell(now.get(), "bad");
            }
        }
    }

    private void tell(ServiceStatus service, String word) {
        launcher.request("VERDICT " + service.name() + " " + word + " " + service.pid());
    }

    private void pause(ServiceStatus service) throws InterruptedException {
        String incarnation = service.incarnation();
        long period = periodSeconds() * 1000L;
        long age = System.currentTimeMillis() - service.startedMillis();
        long millis =
                verdict.everHealthy()
                        ? period
                        : Math.clamp(age / EAGER_SHARE, EAGER_MILLIS, period);
        long until = System.nanoTime() + millis * 1_000_000;
        long seen = launcher.generation();
        while (System.nanoTime() < until) {
            String now = launcher.status().map(ServiceStatus::incarnation).orElse("");
            if (!now.equals(incarnation)) {
                return;
            }
            seen = launcher.awaitNews(seen, (until - System.nanoTime()) / 1_000_000 + 1);
        }
    }

    private Hook bounded() {
        HealthPolicy policy = config.config().health();
        Integer timeout = policy == null ? null : policy.timeoutSeconds();
        return new Hook(
                hook.path(),
                List.copyOf(hook.command()),
                timeout == null ? hook.timeoutSeconds() : timeout,
                0,
                0,
                hook.parallel(),
                hook.outputLimitBytes(),
                hook.exitCodes(),
                null,
                null);
    }

    private int periodSeconds() {
        HealthPolicy policy = config.config().health();
        return first(
                policy == null ? null : policy.periodSeconds(),
                hook.periodSeconds(),
                DEFAULT_PERIOD_SECONDS);
    }

    private int threshold() {
        HealthPolicy policy = config.config().health();
        return first(
                policy == null ? null : policy.failureThreshold(),
                hook.failureThreshold(),
                DEFAULT_THRESHOLD);
    }

    private static int first(@Nullable Integer one, @Nullable Integer other, int otherwise) {
        return one != null ? one : other != null ? other : otherwise;
    }
}
