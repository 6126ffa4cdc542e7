package io.paas.plan.process;

import java.util.List;

/// What planning ends in.
public sealed interface PlanOutcome {

    record Planned(ProcessPlan plan) implements PlanOutcome {}

    /// The selection fits nothing that exists.
    ///
    /// @param problems never empty
    record Refused(List<Problem> problems) implements PlanOutcome {}

    /// One thing that is wrong.
    ///
    /// @param field path below the request's body, for example `selector.ordinals`
    /// @param value what was given
    /// @param message what is wrong and what exists
    record Problem(String field, String value, String message) {}
}
