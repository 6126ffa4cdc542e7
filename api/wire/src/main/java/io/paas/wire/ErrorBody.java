package io.paas.wire;

import org.jspecify.annotations.Nullable;

/// The body of every refused call, shaped like the fields of a Kubernetes Status that matter.
///
/// @param status always `Failure`
/// @param reason one of [Reasons]
public record ErrorBody(String status, int code, String reason, @Nullable String message) {
    public static ErrorBody of(int code, String reason, String message) {
        return new ErrorBody("Failure", code, reason, message);
    }
}
