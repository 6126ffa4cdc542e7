package io.paas.controllers.operation;

import io.paas.agent.AgentAddress;
import io.paas.agent.AgentClient;
import io.paas.agent.AgentReply;
import io.paas.api.v1.Operation;
import io.paas.token.Caller;
import io.paas.wire.ProcessRequest;
import io.paas.wire.ProcessResult;
import io.paas.wire.ProcessStatus;
import io.paas.wire.ProcessVerb;
import io.paas.wire.Reasons;
import io.paas.wire.StopMode;

/// Asks a Pod's agent whether the step is done, and has it done if not.
final class AgentStepRunner implements StepRunner {

    /// The two calls that a step needs.
    interface Agents {
        AgentReply<ProcessStatus> process(AgentAddress agent, Caller caller);

        AgentReply<ProcessResult> run(
                AgentAddress agent, Caller caller, ProcessVerb verb, ProcessRequest request);

        static Agents of(AgentClient client) {
            return new Agents() {
                @Override
                public AgentReply<ProcessStatus> process(AgentAddress agent, Caller caller) {
                    return client.process(agent, caller);
                }

                @Override
                public AgentReply<ProcessResult> run(
                        AgentAddress agent,
                        Caller caller,
                        ProcessVerb verb,
                        ProcessRequest request) {
                    return client.run(agent, caller, verb, request);
                }
            };
        }
    }

    private final Agents agents;

    AgentStepRunner(Agents agents) {
        this.agents = agents;
    }

    @Override
    public StepOutcome run(StepCall call) {
        return switch (agents.process(call.agent(), call.caller())) {
            case AgentReply.Answered<ProcessStatus>(int _, ProcessStatus process) ->
                    StepChecks.isDone(call.type(), process, call.since())
                            ? new StepOutcome.Done(said(process), process.ready())
                            : change(call);
            case AgentReply.Refused<ProcessStatus>(int _, String _, String message) ->
                    new StepOutcome.Waiting(
                            "waits for the agent of " + call.pod() + ", which says: " + message);
            case AgentReply.Unreachable<ProcessStatus>(String message, boolean _) ->
                    new StepOutcome.Waiting(
                            "waits for the agent of " + call.pod() + ": " + message);
        };
    }

    private StepOutcome change(StepCall call) {
        StopMode mode = call.mode() == Operation.Mode.FORCE ? StopMode.FORCE : StopMode.GRACEFUL;
        ProcessRequest request =
                new ProcessRequest(
                        mode,
                        call.gracePeriodSeconds(),
                        call.requestId(),
                        null,
                        call.requiredRole());
        return switch (agents.run(call.agent(), call.caller(), verb(call.type()), request)) {
            case AgentReply.Answered<ProcessResult>(int _, ProcessResult result) ->
                    outcome(call, result);
            case AgentReply.Refused<ProcessResult>(int code, String reason, String message) ->
                    refused(call, code, reason, message);
            case AgentReply.Unreachable<ProcessResult>(String message, boolean _) ->
                    new StepOutcome.Waiting(
                            "waits for the agent of " + call.pod() + ": " + message);
        };
    }

    private StepOutcome outcome(StepCall call, ProcessResult result) {
        return switch (result.state()) {
            case SUCCEEDED -> new StepOutcome.Done(said(result), isReady(call));
            case RUNNING ->
                    new StepOutcome.Waiting(
                            "waits for the "
                                    + result.verb().word()
                                    + " of "
                                    + call.pod()
                                    + " to end");
            case FAILED ->
                    new StepOutcome.Failed(
                            call.pod()
                                    + ": "
                                    + (result.message() == null
                                            ? result.verb().word() + " failed"
                                            : result.message()));
        };
    }

    private boolean isReady(StepCall call) {
        return agents.process(call.agent(), call.caller())
                        instanceof AgentReply.Answered<ProcessStatus>(int _, ProcessStatus process)
                && process.ready();
    }

    /// What says nothing about the process (another change, tokens, an agent that starts) is waited
    /// out; a refusal of the change itself counts as a failed attempt.
    private static StepOutcome refused(StepCall call, int code, String reason, String message) {
        if (reason.equals(Reasons.ROLE_DIFFERS)) {
            return new StepOutcome.Skipped(call.pod() + ": " + message);
        }
        boolean passing =
                reason.equals(Reasons.CHANGE_RUNNING)
                        || reason.equals(Reasons.LAUNCHER_UNREACHABLE)
                        || code == 401
                        || code == 403
                        || code == 429
                        || code == 503;
        return passing
                ? new StepOutcome.Waiting(
                        "waits for the agent of " + call.pod() + ", which says: " + message)
                : new StepOutcome.Failed(call.pod() + ": " + message);
    }

    private static ProcessVerb verb(Operation.Type type) {
        return switch (type) {
            case START -> ProcessVerb.START;
            case STOP -> ProcessVerb.STOP;
            case RESTART -> ProcessVerb.RESTART;
            case SCALE_OUT, SCALE_IN, TOPOLOGY_CHANGE, TEMPLATE_CHANGE ->
                    throw new IllegalStateException("no agent is asked for a " + type);
        };
    }

    private static String said(ProcessStatus process) {
        return process.pid() == null
                ? "is " + process.state().name().toLowerCase(java.util.Locale.ROOT)
                : "runs with pid " + process.pid() + " since " + process.startedAt();
    }

    private static String said(ProcessResult result) {
        return "pid "
                + (result.oldPid() == null ? "none" : result.oldPid())
                + " -> "
                + (result.newPid() == null ? "none" : result.newPid())
                + " in "
                + result.durationMillis()
                + " ms";
    }
}
