package io.paas.test.proxy;

/// What happens to one mutating request.
public enum WriteFault {
    /// The process dies before the server gets the request.
    KILL_BEFORE,
    /// The process dies when the server has committed and before it learns so.
    KILL_AFTER,
    /// The server commits, but the connection ends without an answer: nobody knows the outcome.
    DROP_REPLY,
    CONFLICT(409, "Conflict"),
    TOO_MANY_REQUESTS(429, "TooManyRequests"),
    INTERNAL_ERROR(500, "InternalError"),
    UNAVAILABLE(503, "ServiceUnavailable"),
    GATEWAY_TIMEOUT(504, "Timeout"),
    /// The server never gets the request and the connection stays open until the client gives up.
    HANG;

    private final int code;
    private final String reason;

    WriteFault() {
        this(0, "");
    }

    WriteFault(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    /// Whether the request is answered instead of forwarded.
    boolean isAnswer() {
        return code != 0;
    }

    Reply answer(Write write) {
        return Reply.status(code, reason, "a planned fault of " + write, this == TOO_MANY_REQUESTS);
    }
}
