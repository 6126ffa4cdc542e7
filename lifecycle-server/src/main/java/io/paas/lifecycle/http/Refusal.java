package io.paas.lifecycle.http;

import io.paas.wire.ErrorBody;
import org.jspecify.annotations.Nullable;

/// Ends a request with an error body.
public final class Refusal extends RuntimeException {
    private final int code;
    private final String reason;

    /// A refusal with one of the reasons of [io.paas.wire.Reasons].
    public Refusal(int code, String reason, @Nullable String message) {
        super(message == null ? reason : message, null, false, false);
        this.code = code;
        this.reason = reason;
    }

    Reply toReply() {
        String message = getMessage();
        return Reply.json(code, ErrorBody.of(code, reason, message == null ? reason : message));
    }
}
