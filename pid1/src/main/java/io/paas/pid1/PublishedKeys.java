package io.paas.pid1;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.paas.lifecycle.AgentLog;
import io.paas.wire.TokenKeys;
import java.io.IOException;
import java.security.PublicKey;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// The keys that apiserver and controller processes published. An unknown id causes one read of the
/// whole ConfigMap, at most one a second, whatever ids strangers invent; known ids wait for no
/// read.
final class PublishedKeys implements TokenKeys {
    private static final long READ_INTERVAL_NANOS = 1_000_000_000L;

    /// Where the ConfigMap's data comes from.
    @FunctionalInterface
    interface Source {
        JsonObject read() throws IOException, InterruptedException;
    }

    private final Source source;
    private final LongSupplier nanoTime;
    private volatile Map<String, PublicKey> keys = Map.of();
    private long readAt;
    private boolean everRead;

    PublishedKeys(Source source, LongSupplier nanoTime) {
        this.source = source;
        this.nanoTime = nanoTime;
    }

    @Override
    public Answer find(String keyId) {
        PublicKey known = keys.get(keyId);
        return known != null ? new Answer.Known(known) : findPublished(keyId);
    }

    /// One caller reads, the others wait for what it finds. Only a read that began after the
    /// question can tell that nobody has published the key.
    private synchronized Answer findPublished(String keyId) {
        boolean read = mayRead() && read();
        PublicKey found = keys.get(keyId);
        return found == null && !read ? new Answer.NotYet() : Answer.of(found);
    }

    private boolean mayRead() {
        return !everRead || nanoTime.getAsLong() - readAt >= READ_INTERVAL_NANOS;
    }

    /// Replaces all keys, so that those of ended processes go.
    private boolean read() {
        everRead = true;
        try {
            Map<String, PublicKey> fresh = new HashMap<>();
            for (Map.Entry<String, JsonElement> entry : source.read().entrySet()) {
                parse(entry.getKey(), entry.getValue(), fresh);
            }
            keys = fresh;
            return true;
        } catch (IOException | RuntimeException e) {
            AgentLog.say("cannot read the published keys: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            readAt = nanoTime.getAsLong();
        }
        return false;
    }

    private static void parse(String id, JsonElement value, Map<String, PublicKey> into) {
        try {
            into.put(id, TokenKeys.parse(value.getAsString()));
        } catch (IllegalArgumentException
                | IllegalStateException
                | UnsupportedOperationException e) {
            AgentLog.say("published key " + id + " is ignored: " + e.getMessage());
        }
    }
}
