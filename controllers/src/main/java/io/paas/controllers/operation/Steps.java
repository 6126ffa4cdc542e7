package io.paas.controllers.operation;

import io.paas.api.v1.Operation;
import io.paas.api.v1.Operation.StepState;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/// A step with one thing changed.
final class Steps {

    /// The CRD allows 1024 characters.
    private static final int LONGEST_MESSAGE = 1024;

    private Steps() {}

    static Operation.Step begun(Operation.Step step, OffsetDateTime now) {
        return copy(step, StepState.RUNNING, 1, now, null, null);
    }

    static Operation.Step ended(
            Operation.Step step, StepState state, OffsetDateTime now, String message) {
        return copy(step, state, step.attempt(), step.startedAt(), now, message);
    }

    static Operation.Step nextAttempt(Operation.Step step, int attempt, String message) {
        return copy(step, step.state(), attempt, step.startedAt(), null, message);
    }

    /// Says what it waits for, and since when it does.
    static Operation.Step waiting(Operation.Step step, OffsetDateTime now, String message) {
        String before = step.message();
        boolean asBefore = before != null && before.startsWith(message + ", since ");
        return asBefore
                ? step
                : copy(
                        step,
                        step.state(),
                        step.attempt(),
                        step.startedAt(),
                        null,
                        message + ", since " + now);
    }

    static Operation.Step moved(Operation.Step step, int wave, String message) {
        return new Operation.Step(
                step.name(),
                step.pod(),
                step.group(),
                wave,
                step.state(),
                null,
                null,
                null,
                message);
    }

    private static Operation.Step copy(
            Operation.Step step,
            StepState state,
            @Nullable Integer attempt,
            @Nullable OffsetDateTime startedAt,
            @Nullable OffsetDateTime finishedAt,
            @Nullable String message) {
        return new Operation.Step(
                step.name(),
                step.pod(),
                step.group(),
                step.wave(),
                state,
                attempt,
                startedAt,
                finishedAt,
                message == null || message.length() <= LONGEST_MESSAGE
                        ? message
                        : message.substring(0, LONGEST_MESSAGE - 1) + "…");
    }
}
