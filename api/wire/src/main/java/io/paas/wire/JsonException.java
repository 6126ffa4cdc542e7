package io.paas.wire;

import org.jspecify.annotations.Nullable;

/// JSON that can not be read; the message is fit for the caller who sent it.
public final class JsonException extends RuntimeException {
    public JsonException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
