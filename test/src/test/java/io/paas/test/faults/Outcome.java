package io.paas.test.faults;

import java.time.Duration;
import java.util.List;

/// How a run with a fault ended.
sealed interface Outcome {

    /// As the reference.
    ///
    /// @param late how much later than without the fault, counted from the fault on
    record Converged(Duration late) implements Outcome {}

    /// This run had fewer writes of that kind than the reference: nothing was broken, nothing
    /// shown.
    record NotReached() implements Outcome {}

    /// Not as the reference, or not in time, or not without doing what may never be.
    ///
    /// @param reasons never empty
    record Failed(List<String> reasons) implements Outcome {}
}
