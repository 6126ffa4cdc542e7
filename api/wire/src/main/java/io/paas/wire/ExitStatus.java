package io.paas.wire;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How a process ended: exactly one of `exitCode` (0-255) and `signal` is set, as in `wait(2)`.
public record ExitStatus(
        @Nullable Integer exitCode, @Nullable Integer signal, @Nullable Instant at) {}
