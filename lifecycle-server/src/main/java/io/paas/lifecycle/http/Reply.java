package io.paas.lifecycle.http;

import io.paas.wire.Json;

/// An answer, ready to be sent.
public record Reply(int code, String contentType, String body) {
    public static Reply json(int code, Object value) {
        return new Reply(code, "application/json", Json.write(value));
    }

    public static Reply text(int code, String text) {
        return new Reply(code, "text/plain; charset=utf-8", text);
    }
}
