package io.paas.controllers.expodset;

import com.google.gson.JsonObject;
import io.paas.agent.AgentAddress;
import io.paas.agent.AgentClient;
import io.paas.agent.AgentReply;
import io.paas.token.Caller;
import io.paas.wire.HookReply;
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
                return new Outcome.Failed(api + " still ran after " + timeout.toSeconds() + " s");
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
                        case 200 -> new Outcome.Done();
                        case 412 -> new Outcome.Refused(said(api, code, hook));
                        default -> new Outcome.Failed(said(api, code, hook));
                    };
            case AgentReply.Refused<HookReply>(int code, var _, String message) ->
                    new Outcome.Failed(api + " was refused with HTTP " + code + ": " + message);
            case AgentReply.Unreachable<HookReply>(String message, var _) ->
                    new Outcome.Failed(message);
        };
    }

    private static String said(String api, int code, HookReply hook) {
        String message = hook.message() == null ? "no message" : hook.message();
        return api + " answered HTTP " + code + ": " + message;
    }
}
