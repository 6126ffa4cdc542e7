package io.paas.kube.informer;

import io.kubernetes.client.common.KubernetesObject;
import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.Backoff;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.Page;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.client.WatchEvent;
import io.paas.kube.client.WatchStream;
import io.paas.kube.informer.Informer.Change;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows one query by list and watch, on a thread of its own, and tells a [Sink] what it learns.
final class Reflector<T extends KubernetesObject> {

    /// Where the objects go. Handlers are told last, when [#version()] stands at the change: what
    /// they start may ask for it.
    interface Sink<T> {

        /// These are all that match, and no others.
        List<Change<T>> replace(ListQuery query, List<T> items);

        Change<T> upsert(T object);

        Change<T> delete(T object);

        void tell(Change<T> change);
    }

    private static final Logger log = LoggerFactory.getLogger(Reflector.class);
    private static final Duration FIRST_DELAY = Duration.ofMillis(500);
    // client-go waits up to 30 s. Ours are one process with a few watches: reopening them sooner
    // costs kube-apiserver nothing, and after its restart nobody decides on a cache that lags
    // longer.
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(5);
    // As client-go's reflector: between 5 and 10 minutes, so that watches do not end together.
    private static final int SHORTEST_WATCH_SECONDS = 300;
    // A watch that ends sooner without an event is a fault: do not reopen it in a hot loop.
    private static final Duration USEFUL_WATCH = Duration.ofSeconds(1);

    private final ResourceClient<T> client;
    private final ListQuery query;
    private final Sink<T> sink;
    private final Runnable onSynced;
    private final Thread thread;
    private volatile boolean closed;
    private volatile boolean synced;
    private volatile long version;
    private volatile long heardAt = System.nanoTime();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile @Nullable String lastFailure;
    private volatile @Nullable WatchStream<T> open;

    Reflector(ResourceClient<T> client, ListQuery query, Sink<T> sink, Runnable onSynced) {
        this.client = client;
        this.query = query;
        this.sink = sink;
        this.onSynced = onSynced;
        this.thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("informer-" + client.resource())
                        .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    ListQuery query() {
        return query;
    }

    /// Every change up to this resource version has been told.
    long version() {
        return version;
    }

    Informer.Health health() {
        // An open watch is a good end of what failed before, also while a quiet kind says nothing.
        int inARow = open == null ? failures.get() : 0;
        return new Informer.Health(
                query,
                synced,
                version,
                Duration.ofNanos(System.nanoTime() - heardAt),
                inARow,
                inARow == 0 ? null : lastFailure);
    }

    void close() {
        closed = true;
        thread.interrupt();
        WatchStream<T> current = open;
        if (current != null) {
            current.cancel();
        }
    }

    private void run() {
        boolean listed = false;
        while (!closed) {
            try {
                if (!listed) {
                    relist();
                    listed = true;
                }
                watch();
                failures.set(0);
            } catch (ApiFailure.Expired expired) {
                listed = false;
                // The first time is ordinary (a quiet kind after a compaction): list at once.
                if (failures.getAndIncrement() > 0) {
                    pause(expired);
                }
            } catch (RuntimeException failure) {
                pause(failure);
            }
        }
    }

    private void relist() {
        List<T> items = new ArrayList<>();
        Page<T> page = client.list(query, null);
        items.addAll(page.items());
        while (page.next() != null) {
            page = client.list(query, page.next());
            items.addAll(page.items());
        }
        List<Change<T>> changes = sink.replace(query, items);
        stand(page.resourceVersion());
        if (!synced) {
            synced = true;
            onSynced.run();
        }
        changes.forEach(sink::tell);
    }

    private void watch() {
        long start = System.nanoTime();
        boolean useful = false;
        try (WatchStream<T> stream = client.watch(query, Long.toString(version), seconds())) {
            open = stream;
            heardAt = System.nanoTime();
            for (WatchEvent<T> event; !closed && (event = stream.next()) != null; ) {
                apply(event);
                useful = true;
                failures.set(0);
            }
        } finally {
            open = null;
        }
        if (!useful && System.nanoTime() - start < USEFUL_WATCH.toNanos()) {
            throw new IllegalStateException("the server ended the watch at once");
        }
    }

    private void apply(WatchEvent<T> event) {
        switch (event) {
            case WatchEvent.Upsert<T>(T object) -> {
                Change<T> change = sink.upsert(object);
                stand(versionOf(object));
                sink.tell(change);
            }
            case WatchEvent.Deleted<T>(T object) -> {
                Change<T> change = sink.delete(object);
                stand(versionOf(object));
                sink.tell(change);
            }
            case WatchEvent.Bookmark<T>(String bookmark) -> stand(bookmark);
        }
    }

    private void stand(String newest) {
        version = Long.parseLong(newest);
        heardAt = System.nanoTime();
    }

    private void pause(RuntimeException failure) {
        if (closed) {
            return;
        }
        lastFailure = failure.getMessage();
        Duration delay =
                Backoff.delay(
                        FIRST_DELAY,
                        LONGEST_DELAY,
                        failures.getAndIncrement(),
                        ThreadLocalRandom.current());
        log.warn(
                "list or watch of {} failed, again in {}: {}",
                client.resource(),
                delay,
                failure.toString());
        try {
            Thread.sleep(delay);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static int seconds() {
        return SHORTEST_WATCH_SECONDS + ThreadLocalRandom.current().nextInt(SHORTEST_WATCH_SECONDS);
    }

    private static String versionOf(KubernetesObject object) {
        String version = object.getMetadata().getResourceVersion();
        return version == null ? "0" : version;
    }
}
