package io.paas.kube.controller;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Keys that wait for work. A key is never handed out twice at once, and never queued twice; a key
/// added while it is worked on comes again afterwards. The semantics are client-go's workqueue.
///
/// There is no rate limit over all keys: client-java's default of ten retries a minute would turn
/// one hiccup of kube-apiserver into hours. Each key's own backoff protects the server.
final class WorkQueue<K> {

    /// One key to work on.
    ///
    /// @param waited nanoseconds between becoming ready and being handed out
    record Item<K>(K key, long waited) {}

    private record Delayed<K>(K key, long due) {}

    private final LongSupplier nanoTime;
    private final Map<K, Long> ready = new LinkedHashMap<>();
    private final Set<K> working = new HashSet<>();
    private final Set<K> again = new HashSet<>();
    private final Map<K, Long> dueByKey = new HashMap<>();
    private final PriorityQueue<Delayed<K>> delayed =
            new PriorityQueue<>((a, b) -> Long.signum(a.due() - b.due()));
    private boolean closed;

    WorkQueue(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void add(K key) {
        if (closed) {
            return;
        }
        if (working.contains(key)) {
            again.add(key);
        } else if (ready.putIfAbsent(key, nanoTime.getAsLong()) == null) {
            notifyAll();
        }
    }

    /// The earliest of several delays of one key counts.
    synchronized void addAfter(K key, Duration delay) {
        long due = nanoTime.getAsLong() + delay.toNanos();
        Long earlier = dueByKey.get(key);
        if (closed || (earlier != null && earlier - due <= 0)) {
            return;
        }
        dueByKey.put(key, due);
        delayed.add(new Delayed<>(key, due));
        notifyAll();
    }

    /// Waits for a key; null when the queue was closed. Follow with [#done].
    synchronized @Nullable Item<K> take() throws InterruptedException {
        while (!closed) {
            Item<K> item = poll();
            if (item != null) {
                return item;
            }
            wait(millisToNext());
        }
        return null;
    }

    /// A key that is ready now, or null.
    synchronized @Nullable Item<K> poll() {
        promote();
        var first = ready.entrySet().iterator();
        if (closed || !first.hasNext()) {
            return null;
        }
        Map.Entry<K, Long> entry = first.next();
        Item<K> item = new Item<>(entry.getKey(), nanoTime.getAsLong() - entry.getValue());
        first.remove();
        working.add(item.key());
        return item;
    }

    synchronized void done(K key) {
        working.remove(key);
        if (again.remove(key)) {
            add(key);
        }
        notifyAll();
    }

    synchronized int depth() {
        return ready.size();
    }

    /// Hands out nothing more and drops what waits.
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    private void promote() {
        long now = nanoTime.getAsLong();
        for (Delayed<K> head; (head = delayed.peek()) != null && head.due() - now <= 0; ) {
            delayed.remove();
            if (dueByKey.remove(head.key(), head.due())) {
                add(head.key());
            }
        }
    }

    /// How long nothing can become ready by itself; 0 for ever, as [Object#wait(long)] takes it.
    private long millisToNext() {
        Delayed<K> head = delayed.peek();
        if (head == null) {
            return 0;
        }
        return Math.max(1, Duration.ofNanos(head.due() - nanoTime.getAsLong()).toMillis() + 1);
    }
}
