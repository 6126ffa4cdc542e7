package io.paas.agent;

/// How a call to an agent ended.
public sealed interface AgentReply<T> {

    /// The agent did it, or goes on doing it (202).
    ///
    /// @param code the HTTP status
    record Answered<T>(int code, T body) implements AgentReply<T> {}

    /// The agent understood and said no.
    ///
    /// @param code the HTTP status
    /// @param reason one of [io.paas.wire.Reasons]
    record Refused<T>(int code, String reason, String message) implements AgentReply<T> {}

    /// There was no answer that makes sense.
    ///
    /// @param maybeDone false when the agent cannot have received the call
    record Unreachable<T>(String message, boolean maybeDone) implements AgentReply<T> {}
}
