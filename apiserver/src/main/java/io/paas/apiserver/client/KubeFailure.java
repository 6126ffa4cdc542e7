package io.paas.apiserver.client;

import io.paas.apiserver.request.Failure;

/// kube-apiserver refused a call of ours, or did not answer.
@SuppressWarnings("serial") // It never leaves the process.
public final class KubeFailure extends RuntimeException {

    /// The code of "no answer", where nothing can have been done.
    public static final int UNREACHABLE = 0;

    /// The code of a write whose answer did not come, and of kube-apiserver's own "in time or not,
    /// I do not know".
    public static final int TIMEOUT = 504;

    private final int code;
    private final String reason;

    public KubeFailure(int code, String reason, String message) {
        super(message);
        this.code = code;
        this.reason = reason;
    }

    public int code() {
        return code;
    }

    public String reason() {
        return reason;
    }

    /// What our caller is told: refusals of their input pass through; anything that is between us
    /// and kube-apiserver, such as a missing right of ours, is ours to answer for.
    public Failure toFailure(String what) {
        String message = what + ": " + getMessage();
        return switch (code) {
            case 400, 404, 409, 410, 413, 422 -> Failure.of(code, reason, message);
            case 429 -> Failure.retryLater(429, "TooManyRequests", message, 1);
            case UNREACHABLE ->
                    Failure.of(503, "ServiceUnavailable", message + "; nothing was done");
            case TIMEOUT ->
                    Failure.of(504, "Timeout", message + "; whether it was done is unknown");
            default -> Failure.of(500, "InternalError", message);
        };
    }

    /// What our caller is told when a question, such as a review, was not answered: to ask is to do
    /// nothing.
    public Failure toUnanswered(String what) {
        return code == TIMEOUT
                ? Failure.of(503, "ServiceUnavailable", what + ": " + getMessage())
                : toFailure(what);
    }
}
