package io.paas.test.load;

import java.util.List;

/// How an attempt ended, as its caller knows.
sealed interface Outcome {

    /// Done.
    ///
    /// @param seen what a read was shown; empty for a write
    record Ok(List<Long> seen) implements Outcome {}

    /// Surely not done.
    record Failed(String reason) implements Outcome {}

    /// No answer in time, or the connection was lost after the request was sent: it may have been
    /// done, and may still be.
    record Unknown(String reason) implements Outcome {}
}
