package io.paas.lifecycle;

import com.google.gson.JsonObject;
import io.paas.lifecycle.http.Refusal;
import io.paas.wire.HookReply;
import io.paas.wire.HookStatus;
import io.paas.wire.Json;
import io.paas.wire.Reasons;
import io.paas.wire.TokenClaims;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// All runs that are known: those that run now, and the last finished ones.
///
/// INVARIANT: a run id that was given out is never run again, also not by a restarted agent.
public final class Runs {
    private static final int MAX_FINISHED = 128;

    /// Characters of output of all finished runs together; a single one has at most 768 Ki.
    private static final int MAX_OUTPUT = 2 * 1024 * 1024;

    private final HookRunner runner;
    private final RunStore store;
    private final LinkedHashMap<String, Run> runs = new LinkedHashMap<>();
    private final Set<String> busy = new HashSet<>();

    Runs(HookRunner runner, RunStore store) {
        this.runner = runner;
        this.store = store;
        store.read().forEach(this::recall);
        dropOldOutput().forEach(run -> store.write(run.toRecord()));
    }

    /// Finds the run of that key, or begins one.
    ///
    /// @param key null for a call that nobody will repeat
    /// @throws Refusal 409 if the hook is busy, or the key was used for another call
    Run begin(Hook hook, @Nullable String key, JsonObject parameters, Map<String, String> extra) {
        String body = TokenClaims.bodyHash(Json.writeBytes(parameters));
        String id =
                key == null
                        ? UUID.randomUUID().toString()
                        : LifecycleConfig.hashOf(hook.path() + "\n" + key).substring(0, 32);
        Run run;
        synchronized (this) {
            Run known = runs.get(id);
            if (known != null) {
                if (!known.isFor(hook.path(), body)) {
                    throw new Refusal(
                            409,
                            Reasons.REQUEST_ID_REUSED,
                            "the Idempotency-Key was used with other parameters");
                }
                return known;
            }
            take(hook);
            run = new Run(id, hook.path(), body);
            runs.put(id, run);
            forgetOldest();
        }
        store.write(run.toRecord());
        Thread.startVirtualThread(() -> execute(run, hook, parameters, extra));
        return run;
    }

    /// Runs a hook for the agent itself: not kept, and empty if it is busy.
    public Optional<HookReply> call(Hook hook, JsonObject parameters) {
        synchronized (this) {
            if (!hook.parallel() && busy.contains(hook.path())) {
                return Optional.empty();
            }
            take(hook);
        }
        try {
            return Optional.of(runner.run(hook, parameters, Map.of()));
        } finally {
            release(hook);
        }
    }

    synchronized Optional<Run> find(String id) {
        return Optional.ofNullable(runs.get(id));
    }

    private void execute(Run run, Hook hook, JsonObject parameters, Map<String, String> extra) {
        AgentLog.say("hook " + hook.path() + " begins, run " + run.id());
        try {
            run.finish(runner.run(hook, parameters, extra));
        } catch (RuntimeException e) {
            run.finish(broken(Reasons.INTERNAL_ERROR, e.toString()));
        } finally {
            release(hook);
        }
        store.write(run.toRecord());
        ended(run);
        dropOldOutput().forEach(old -> store.write(old.toRecord()));
        HookReply reply = run.toRecord().reply();
        AgentLog.say(
                "hook "
                        + hook.path()
                        + " ended, run "
                        + run.id()
                        + ", code "
                        + (reply == null ? "?" : reply.code()));
    }

    private void take(Hook hook) {
        if (!hook.parallel() && !busy.add(hook.path())) {
            throw new Refusal(409, Reasons.HOOK_BUSY, hook.path() + " runs already");
        }
    }

    private synchronized void release(Hook hook) {
        if (!hook.parallel()) {
            busy.remove(hook.path());
        }
    }

    private void recall(RunRecord kept) {
        Run run = new Run(kept.id(), kept.api(), kept.bodyHash());
        HookReply reply = kept.reply();
        run.finish(
                reply != null
                        ? reply
                        : broken(
                                Reasons.RUN_INTERRUPTED,
                                "the agent restarted while the hook ran; what it did is unknown"));
        runs.put(run.id(), run);
        if (reply == null) {
            store.write(run.toRecord());
        }
    }

    private void forgetOldest() {
        var oldest = runs.values().iterator();
        while (runs.size() > MAX_FINISHED && oldest.hasNext()) {
            Run run = oldest.next();
            if (run.isDone()) {
                oldest.remove();
                store.delete(run.id());
            }
        }
    }

    /// The order of the runs is that of their ends: what ended last, somebody still comes for.
    private synchronized void ended(Run run) {
        runs.putLast(run.id(), run);
    }

    private synchronized List<Run> dropOldOutput() {
        List<Run> dropped = new ArrayList<>();
        long total = 0;
        for (Run run : runs.sequencedValues().reversed()) {
            total += run.outputLength();
            if (total > MAX_OUTPUT && run.outputLength() > 0) {
                run.dropOutput();
                dropped.add(run);
            }
        }
        return dropped;
    }

    private static HookReply broken(String reason, String message) {
        return new HookReply(
                HookStatus.FAILURE, 500, reason, null, message, null, null, null, 0, null);
    }
}
