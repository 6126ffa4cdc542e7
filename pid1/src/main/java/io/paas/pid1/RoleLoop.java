package io.paas.pid1;

import com.google.gson.JsonObject;
import io.paas.lifecycle.AgentLog;
import io.paas.lifecycle.Hook;
import io.paas.lifecycle.Runs;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Asks the extension's `role` hook and keeps the Pod's own role label equal to its answer. While
/// the process does not run, or the hook does not know, the label stays as it is: the Pod is not
/// ready then, so no Service selects it.
final class RoleLoop {
    static final String API = "role";
    static final String LABEL = "middleware.paas.io/role";

    private static final int DEFAULT_PERIOD_SECONDS = 5;
    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final Pattern VALUE =
            Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

    private final LauncherClient launcher;
    private final Runs runs;
    private final @Nullable Hook hook;
    private final OwnPod pod;
    private volatile @Nullable String role;
    private @Nullable String labelled;
    private long checkedAt;

    RoleLoop(LauncherClient launcher, Runs runs, @Nullable Hook hook, OwnPod pod) {
        this.launcher = launcher;
        this.runs = runs;
        this.hook = hook;
        this.pod = pod;
    }

    @Nullable String role() {
        return role;
    }

    /// Asks now, for a decision that must not rest on what was true seconds ago; empty if the hook
    /// does not know.
    Optional<String> now() {
        return hook == null ? Optional.empty() : answer(hook);
    }

    /// Never returns if there is a hook.
    void runForEver() throws InterruptedException {
        if (hook == null) {
            return;
        }
        int period = hook.periodSeconds() == null ? DEFAULT_PERIOD_SECONDS : hook.periodSeconds();
        while (true) {
            boolean running = launcher.status().map(ServiceStatus::isRunning).orElse(false);
            if (running) {
                ask(hook);
                label();
            }
            String incarnation = incarnation();
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(period);
            long seen = launcher.generation();
            while (System.nanoTime() < until && incarnation().equals(incarnation)) {
                seen = launcher.awaitNews(seen, (until - System.nanoTime()) / 1_000_000 + 1);
            }
        }
    }

    private String incarnation() {
        return launcher.status().map(ServiceStatus::incarnation).orElse("");
    }

    private void ask(Hook hook) {
        Optional<String> answer = answer(hook);
        if (answer.isPresent()) {
            if (!answer.get().equals(role)) {
                AgentLog.say("role is " + answer.get() + ", was " + role);
            }
            role = answer.get();
        }
    }

    private Optional<String> answer(Hook hook) {
        return runs.call(hook, new JsonObject())
                .filter(reply -> reply.code() == 200)
                .map(reply -> reply.dataString("role"))
                .filter(role -> VALUE.matcher(role).matches());
    }

    private void label() {
        String wanted = role;
        if (wanted == null) {
            return;
        }
        long now = System.nanoTime();
        try {
            if (wanted.equals(labelled) && now - checkedAt > CHECK_NANOS) {
                labelled = pod.label(LABEL);
                checkedAt = now;
            }
            if (!wanted.equals(labelled)) {
                pod.patchLabel(LABEL, wanted);
                labelled = wanted;
                checkedAt = now;
            }
        } catch (IOException e) {
            AgentLog.say("cannot label the Pod as " + wanted + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
