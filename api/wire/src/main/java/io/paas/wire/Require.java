package io.paas.wire;

import org.jspecify.annotations.Nullable;

/// What a record's constructor may ask of its components. Messages name the field as on the wire.
final class Require {
    private Require() {}

    static void that(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    static void present(String field, @Nullable Object value) {
        that(value != null, field + " is missing or has an unknown value");
    }

    static void within(String field, @Nullable Integer value, int minimum, int maximum) {
        that(
                value == null || (value >= minimum && value <= maximum),
                field + " must be " + minimum + " to " + maximum + ", not " + value);
    }
}
