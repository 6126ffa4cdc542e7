package io.paas.apiserver.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Remembers answers for a short time; the least recently used are forgotten first. An answer that
/// could not be had (an exception) is not remembered.
public final class ShortMemory<V> {

    /// A longer key is not worth its memory, and could be chosen by a stranger.
    private static final int LONGEST_KEY = 10_000;

    private record Answer<V>(V value, long untilNanos) {}

    private final long nanos;
    private final Map<String, Answer<V>> entries;

    public ShortMemory(Duration time, int size) {
        this.nanos = time.toNanos();
        this.entries =
                new LinkedHashMap<>(16, 0.75f, true) {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<String, Answer<V>> eldest) {
                        return size() > size;
                    }
                };
    }

    public V get(String key, Supplier<V> ask) {
        long now = System.nanoTime();
        synchronized (entries) {
            Answer<V> entry = entries.get(key);
            if (entry != null && entry.untilNanos() - now > 0) {
                return entry.value();
            }
        }
        V value = ask.get();
        if (key.length() < LONGEST_KEY) {
            synchronized (entries) {
                entries.put(key, new Answer<>(value, System.nanoTime() + nanos));
            }
        }
        return value;
    }
}
