package io.paas.controllers.expodset;

import com.google.gson.JsonObject;
import io.paas.agent.AgentAddress;
import io.paas.agent.AgentClient;
import io.paas.agent.AgentReply;
import io.paas.token.Caller;
import io.paas.wire.HookReply;
import io.paas.wire.Reasons;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The lifecycle APIs behind the Pods' agents.
final class AgentLifecycleClient implements LifecycleClient {

    private static final Caller CALLER =
            Caller.of("system:serviceaccount:middleware-system:middleware-controllers");
    private static final Duration POLL = Duration.ofSeconds(1);

    private final AgentClient agents;

    AgentLifecycleClient(AgentClient agents) {
        this.agents = agents;
    }

    @Override
    public Outcome call(
            AgentAddress agent,
            String api,
            String idempotencyKey,
            JsonObject parameters,
            Duration timeout)
            throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        AgentReply<HookReply> reply =
                agents.lifecycle(agent, CALLER, api, idempotencyKey, parameters, timeout);
        for (String run; (run = runningId(reply)) != null; ) {
            if (System.nanoTime() - deadline > 0) {
                return new Outcome.Waiting(api + " still ran after " + timeout.toSeconds() + " s");
            }
            Thread.sleep(POLL);
            reply = agents.lifecycleRun(agent, CALLER, run);
        }
        return outcome(api, reply);
    }

    private static @Nullable String runningId(AgentReply<HookReply> reply) {
        return reply instanceof AgentReply.Answered<HookReply>(int code, HookReply hook)
                        && code == 202
                ? hook.runId()
                : null;
    }

    private static Outcome outcome(String api, AgentReply<HookReply> reply) {
        return switch (reply) {
            case AgentReply.Answered<HookReply>(int code, HookReply hook) ->
                    switch (code) {
                        case 200 -> new Outcome.Done(hook.data());
                        case 412 -> new Outcome.Refused(said(api, code, hook));
                        default -> notDone(api, code, hook);
                    };
            case AgentReply.Refused<HookReply>(int code, String reason, String message) -> {
                String said = api + " was refused with HTTP " + code + ": " + message;
                yield isPassing(code, reason)
                        ? new Outcome.Waiting(said)
                        : new Outcome.Failed(said);
            }
            case AgentReply.Unreachable<HookReply>(String message, var _) ->
                    new Outcome.Waiting(message);
        };
    }

    private static Outcome notDone(String api, int code, HookReply hook) {
        if (code == 503 && Reasons.HOOK_NOT_YET.equals(hook.reason())) {
            return new Outcome.NotYet(said(api, code, hook));
        }
        return isPassing(code, hook.reason())
                ? new Outcome.Waiting(said(api, code, hook))
                : new Outcome.Failed(said(api, code, hook));
    }

    /// What the agent says of itself and not of the hook. A hook's own "not yet" is an answer: its
    /// run has ended, and the same key would get the same answer for ever.
    private static boolean isPassing(int code, @Nullable String reason) {
        return switch (code) {
            case 401, 403, 429, 503 -> true;
            case 409 -> Reasons.HOOK_BUSY.equals(reason);
            default -> false;
        };
    }

    private static String said(String api, int code, HookReply hook) {
        String message = hook.message() == null ? "no message" : hook.message();
        return api + " answered HTTP " + code + ": " + message;
    }
}
