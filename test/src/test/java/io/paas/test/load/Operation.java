package io.paas.test.load;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One write or read, which is tried once more if it did not succeed at once.
///
/// @param number unique; what a write appends
/// @param due when it was to begin, counted from the start of the load. It waited from then on, so
///   that a load which falls behind hides nothing (coordinated omission).
record Operation(
        Kind kind, String key, long number, Duration due, Attempt first, @Nullable Attempt retry) {

    enum Kind {
        WRITE,
        READ
    }

    List<Attempt> attempts() {
        return Stream.of(Optional.of(first), Optional.ofNullable(retry))
                .flatMap(Optional::stream)
                .toList();
    }

    boolean succeeded() {
        return attempts().stream().anyMatch(Attempt::ok);
    }

    /// When it was known to be done; empty if it never was.
    Optional<Duration> acknowledged() {
        return attempts().stream().filter(Attempt::ok).map(Attempt::end).findFirst();
    }
}
