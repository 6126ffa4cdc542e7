package io.paas.controllers.operation;

import io.paas.agent.AgentAddress;
import io.paas.api.v1.Operation;
import io.paas.api.v1.Operation.StepState;
import io.paas.controllers.operation.OperationSnapshot.CallState;
import io.paas.plan.process.GroupSnapshot;
import io.paas.token.Caller;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Settles running steps: done, to be asked again, tried again, or failed. Pure but for what it
/// collects.
final class StepSettler {

    static final int ATTEMPTS = 3;

    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    /// The kubelet probes once a second (`periodSeconds` of our readiness probe) and then writes
    /// the Pod's status: a Ready condition that is younger may speak of the time before the
    /// restart.
    private static final Duration PROBED_WITHIN = Duration.ofSeconds(2);

    private static final String CONTROLLERS =
            "system:serviceaccount:middleware-system:middleware-controllers";

    private final OperationSnapshot snapshot;
    private final Operation.Parameters parameters;
    private final boolean cancelled;
    private final OffsetDateTime now;
    private final List<StepCall> calls = new ArrayList<>();
    private @Nullable Duration recheck;

    /// @param cancelled a step whose call does not run is not asked for again
    StepSettler(OperationSnapshot snapshot, Operation.Parameters parameters, boolean cancelled) {
        this.snapshot = snapshot;
        this.parameters = parameters;
        this.cancelled = cancelled;
        this.now = snapshot.now();
    }

    List<StepCall> calls() {
        return calls;
    }

    Optional<Duration> recheck() {
        return Optional.ofNullable(recheck);
    }

    Operation.Step settle(Operation.Step step) {
        return switch (snapshot.calls().get(step.name())) {
            case CallState.InFlight() -> step;
            case CallState.Ended(StepOutcome.Done done, OffsetDateTime at) -> done(step, done, at);
            case CallState.Ended(StepOutcome.Waiting(String message), OffsetDateTime at) ->
                    again(Steps.waiting(step, now, message), at.plus(ASK_AGAIN));
            case CallState.Ended(StepOutcome.Skipped(String message), OffsetDateTime _) ->
                    Steps.ended(step, StepState.SKIPPED, now, message);
            case CallState.Ended(StepOutcome.Failed(String message), OffsetDateTime at) ->
                    failed(step, message, at);
            case null -> again(step, now);
        };
    }

    /// A graceful restart counts only when its Pod serves again: the next Pod must not go while
    /// this one is away. Start and stop do not wait: the members of a stopped cluster may become
    /// ready only together.
    private Operation.Step done(Operation.Step step, StepOutcome.Done done, OffsetDateTime at) {
        GroupSnapshot.Pod pod = snapshot.pod(step.pod());
        boolean mustServe =
                snapshot.operation().spec().type() == Operation.Type.RESTART
                        && parameters.mode() != Operation.Mode.FORCE;
        if (mustServe && !cancelled) {
            if (!done.ready() || pod == null || !pod.ready()) {
                String message = "waits for " + step.pod() + " to be Ready after its restart";
                return again(Steps.waiting(step, now, message), at.plus(ASK_AGAIN));
            }
            Duration rest = Duration.between(now, at.plus(PROBED_WITHIN));
            if (rest.isPositive()) {
                recheck(rest);
                return step;
            }
        }
        return Steps.ended(step, StepState.SUCCEEDED, now, done.message());
    }

    private Operation.Step failed(Operation.Step step, String message, OffsetDateTime at) {
        int attempt = attempt(step);
        if (attempt >= ATTEMPTS || cancelled) {
            return Steps.ended(
                    step, StepState.FAILED, now, message + " (" + attempt + " attempts)");
        }
        OffsetDateTime next = at.plusSeconds(1L << attempt);
        if (next.isAfter(now)) {
            recheck(Duration.between(now, next));
            return Steps.nextAttempt(step, attempt, "attempt " + attempt + " failed: " + message);
        }
        return again(
                Steps.nextAttempt(
                        step, attempt + 1, step.message() == null ? message : step.message()),
                now);
    }

    /// Calls its agent at the given time, if the Pod is there.
    private Operation.Step again(Operation.Step step, OffsetDateTime when) {
        if (cancelled) {
            return Steps.ended(
                    step,
                    StepState.SKIPPED,
                    now,
                    "cancelled; the agent may still carry out what it was asked");
        }
        String pod = Objects.requireNonNull(step.pod());
        if (snapshot.pod(pod) == null) {
            return snapshot.wanted().contains(pod)
                    ? Steps.waiting(step, now, "waits for Pod " + pod + ", which does not exist")
                    : Steps.ended(
                            step, StepState.SKIPPED, now, pod + " is no longer in the cluster");
        }
        AgentAddress agent = snapshot.agents().get(pod);
        if (agent == null) {
            return Steps.waiting(step, now, "waits for Pod " + pod + " to have an IP");
        }
        if (when.isAfter(now)) {
            recheck(Duration.between(now, when));
        } else {
            calls.add(call(step, pod, agent));
        }
        return step;
    }

    private StepCall call(Operation.Step step, String pod, AgentAddress agent) {
        Operation.Spec spec = snapshot.operation().spec();
        return new StepCall(
                snapshot.uid(),
                step.name(),
                attempt(step),
                spec.type(),
                pod,
                agent,
                Objects.requireNonNullElse(parameters.mode(), Operation.Mode.GRACEFUL),
                parameters.gracePeriodSeconds(),
                parameters.role(),
                Objects.requireNonNullElse(step.startedAt(), now).toInstant(),
                caller(spec.requestedBy()));
    }

    private static Caller caller(Operation.@Nullable RequestedBy by) {
        return by == null
                ? Caller.of(CONTROLLERS)
                : new Caller(
                        Objects.requireNonNullElse(by.user(), CONTROLLERS),
                        by.requestID(),
                        by.auditID());
    }

    private static int attempt(Operation.Step step) {
        return Objects.requireNonNullElse(step.attempt(), 1);
    }

    private void recheck(Duration delay) {
        if (recheck == null || delay.compareTo(recheck) < 0) {
            recheck = delay;
        }
    }
}
