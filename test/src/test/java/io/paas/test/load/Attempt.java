package io.paas.test.load;

import java.time.Duration;

/// One request to the database.
///
/// @param begin when it was sent, counted from the start of the load
/// @param end when its outcome was known
record Attempt(Duration begin, Duration end, Outcome outcome) {

    boolean ok() {
        return outcome instanceof Outcome.Ok;
    }

    boolean mayBeDone() {
        return !(outcome instanceof Outcome.Failed);
    }
}
