package io.paas.controllers.operation;

import io.paas.agent.AgentAddress;
import io.paas.api.v1.Operation;
import io.paas.token.Caller;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One try of one step at one agent.
///
/// @param operationUid of the Operation
/// @param step the step's name
/// @param attempt from 1; the same attempt is the same change for the agent, however often it is
///   called
/// @param requiredRole the role that the Operation selects by, null if it selects by none
/// @param since when the step began: a process that is younger was restarted by it
record StepCall(
        String operationUid,
        String step,
        int attempt,
        Operation.Type type,
        String pod,
        AgentAddress agent,
        Operation.Mode mode,
        @Nullable Integer gracePeriodSeconds,
        @Nullable String requiredRole,
        Instant since,
        Caller caller) {

    /// At most 128 characters: a uid has 36, a step's name with a Pod's of 63 at most 71.
    String requestId() {
        return operationUid + "/" + step + "/" + attempt;
    }
}
