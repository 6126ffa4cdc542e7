package io.paas.controllers.operation;

/// How the call of a step ended.
sealed interface StepOutcome {

    /// The process is as the step wants it.
    ///
    /// @param ready whether the agent also finds it healthy
    record Done(String message, boolean ready) implements StepOutcome {}

    /// Not yet; asking again under the same request id is right.
    ///
    /// @param message what it waits for
    record Waiting(String message) implements StepOutcome {}

    /// The Pod is not what the step was planned for; nothing was done.
    record Skipped(String message) implements StepOutcome {}

    /// The agent tried and could not.
    record Failed(String message) implements StepOutcome {}
}
