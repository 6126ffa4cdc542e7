package io.paas.controllers.operation;

import io.paas.api.v1.Operation;
import io.paas.api.v1.OperationOutcome;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one round does, in this order: write the status, tell people, begin the calls, come back.
///
/// @param outcome recorded on the Operation before the status says that it ended; null while it
///   goes on
/// @param delete whether its time after the end is over; then nothing else is done
/// @param recheck when time alone brings the next round, null when only a change does
record OperationPlan(
        Operation.@Nullable Status status,
        @Nullable OperationOutcome outcome,
        List<Notice> notices,
        List<StepCall> calls,
        @Nullable Duration recheck,
        boolean delete) {

    OperationPlan {
        notices = List.copyOf(notices);
        calls = List.copyOf(calls);
    }

    static OperationPlan deletion() {
        return new OperationPlan(null, null, List.of(), List.of(), null, true);
    }

    static OperationPlan nothingBefore(Duration recheck) {
        return new OperationPlan(null, null, List.of(), List.of(), recheck, false);
    }

    /// One transition for `kubectl describe`.
    ///
    /// @param reason CamelCase, as `Started`
    record Notice(boolean warning, String reason, String note) {}
}
