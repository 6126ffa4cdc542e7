package io.paas.lifecycle.http;

import io.paas.wire.Json;
import io.paas.wire.JsonException;
import io.paas.wire.Reasons;
import io.paas.wire.TokenClaims;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request whose token was accepted and whose body was read.
///
/// @param tail the part of the path behind the route's prefix
/// @param claims null on routes without a token
public record Request(
        String path,
        String tail,
        Map<String, String> query,
        @Nullable String idempotencyKey,
        String body,
        @Nullable TokenClaims claims) {
    /// The body as a record.
    ///
    /// @throws Refusal 400 if it is none
    public <T> T as(Class<T> type) {
        try {
            return Json.read(body, type);
        } catch (JsonException e) {
            throw new Refusal(400, Reasons.BAD_REQUEST, e.getMessage());
        }
    }

    /// A whole number from the query.
    ///
    /// @throws Refusal 400 if it is there and out of range
    public int number(String name, int minimum, int maximum, int otherwise) {
        String text = query.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(text);
            if (value >= minimum && value <= maximum) {
                return value;
            }
        } catch (NumberFormatException e) {
            // The refusal below fits this case, too.
        }
        throw new Refusal(
                400, Reasons.BAD_REQUEST, name + " must be " + minimum + " to " + maximum);
    }
}
