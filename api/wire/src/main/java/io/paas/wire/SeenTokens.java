package io.paas.wire;

import java.util.HashMap;
import java.util.Map;

/// Remembers used token ids until they expire. Bounded: when full it takes no new one, because
/// forgetting an old id would let it be used again.
final class SeenTokens {
    /// 60 s of 100 calls a second; only signed tokens get here, so a stranger can not fill it.
    private static final int CAPACITY = 6_000;

    private final Map<String, Long> expiryById = new HashMap<>();

    enum Outcome {
        FIRST_USE,
        REPLAYED,
        FULL
    }

    synchronized Outcome use(String id, long expiresAtSecond, long nowSecond) {
        if (expiryById.containsKey(id)) {
            return Outcome.REPLAYED;
        }
        if (expiryById.size() >= CAPACITY) {
            expiryById.values().removeIf(expiry -> expiry < nowSecond);
        }
        if (expiryById.size() >= CAPACITY) {
            return Outcome.FULL;
        }
        expiryById.put(id, expiresAtSecond);
        return Outcome.FIRST_USE;
    }
}
