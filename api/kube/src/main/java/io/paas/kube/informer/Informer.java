package io.paas.kube.informer;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.informer.cache.Cache;
import io.kubernetes.client.informer.cache.Indexer;
import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.Backoff;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Page;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.client.WatchEvent;
import io.paas.kube.client.WatchStream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A local copy of all objects of one kind that match a query, and a source of their changes.
///
/// The store is client-java's [Cache]. The reflector is our own, for one reason: it can say which
/// resource version the *store* stands at ([#storeVersion()]). client-java queues deltas by key
/// between the watch and the store, so that nobody can know whether an own write is already in it;
/// read-your-writes ([WrittenVersions], KEP-5647) needs exactly that.
///
/// Handlers run on the informer's thread and must only enqueue.
public final class Informer<T extends KubernetesObject> implements AutoCloseable {

    /// One change of the store; at least one side is present.
    public record Change<T>(@Nullable T before, @Nullable T after) {

        /// The newest state known.
        public T object() {
            if (after != null) {
                return after;
            }
            if (before != null) {
                return before;
            }
            throw new IllegalStateException("a change without an object");
        }
    }

    /// How well the store follows the server.
    ///
    /// @param storeVersion the resource version that the store stands at, 0 before the first list
    /// @param silence since the server last sent a list, an event or a bookmark, or opened a watch;
    ///   before the first of them since the informer was made. Monotonic
    /// @param failures failed lists or watches in a row
    /// @param lastFailure of those; null when there is none
    public record Health(
            boolean synced,
            long storeVersion,
            Duration silence,
            int failures,
            @Nullable String lastFailure) {}

    @FunctionalInterface
    public interface Handler<T> {
        void onChange(Change<T> change);
    }

    private static final Logger log = LoggerFactory.getLogger(Informer.class);
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
    private final Cache<T> store = new Cache<>();
    private final List<Handler<T>> handlers = new CopyOnWriteArrayList<>();
    private final CountDownLatch synced = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean closed;
    private volatile long storeVersion;
    private volatile long heardAt = System.nanoTime();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile @Nullable String lastFailure;
    private volatile @Nullable WatchStream<T> open;

    public Informer(ResourceClient<T> client, ListQuery query) {
        this.client = client;
        this.query = query;
        this.thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("informer-" + client.resource())
                        .unstarted(this::run);
    }

    /// Before [#start()] only.
    public Informer<T> indexedBy(String index, Function<T, List<String>> values) {
        store.addIndexFunc(index, values);
        return this;
    }

    /// Before [#start()] only, so that each handler sees every object once.
    public Informer<T> onChange(Handler<T> handler) {
        handlers.add(handler);
        return this;
    }

    public Informer<T> start() {
        thread.start();
        return this;
    }

    public boolean hasSynced() {
        return synced.getCount() == 0;
    }

    /// False when the first list was not there in time.
    public boolean awaitSync(Duration timeout) throws InterruptedException {
        return synced.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    public @Nullable T get(ObjectKey key) {
        return store.getByKey(key.toString());
    }

    public List<T> list() {
        return store.list();
    }

    public List<T> byIndex(String index, String value) {
        try {
            return store.byIndex(index, value);
        } catch (NullPointerException _) {
            // client-java's replace() forgets an index that no listed object has a value for.
            return List.of();
        }
    }

    /// The store, for client-java's own listers.
    public Indexer<T> indexer() {
        return store;
    }

    /// Every change up to this resource version is in the store. Resource versions of one kind are
    /// comparable numbers (KEP-5504).
    public long storeVersion() {
        return storeVersion;
    }

    public Health health() {
        int inARow = failures.get();
        return new Health(
                hasSynced(),
                storeVersion,
                Duration.ofNanos(System.nanoTime() - heardAt),
                inARow,
                inARow == 0 ? null : lastFailure);
    }

    @Override
    public void close() {
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
        replace(items, page.resourceVersion());
    }

    private void replace(List<T> items, String version) {
        Map<String, T> before = new HashMap<>();
        store.list().forEach(object -> before.put(ObjectKey.of(object).toString(), object));
        // Not Cache.replace: it forgets the indexes, and byIndex of a kind without objects then
        // fails.
        items.forEach(store::update);
        Map<String, T> gone = new HashMap<>(before);
        items.forEach(item -> gone.remove(ObjectKey.of(item).toString()));
        gone.values().forEach(store::delete);
        stand(version);
        synced.countDown();
        for (T item : items) {
            tell(before.get(ObjectKey.of(item).toString()), item);
        }
        gone.values().forEach(object -> tell(object, null));
    }

    private void watch() {
        long start = System.nanoTime();
        boolean useful = false;
        try (WatchStream<T> stream = client.watch(query, Long.toString(storeVersion), seconds())) {
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
                T before = store.get(object);
                store.update(object);
                stand(versionOf(object));
                tell(before, object);
            }
            case WatchEvent.Deleted<T>(T object) -> {
                store.delete(object);
                stand(versionOf(object));
                tell(object, null);
            }
            case WatchEvent.Bookmark<T>(String version) -> stand(version);
        }
    }

    private void stand(String version) {
        storeVersion = Long.parseLong(version);
        heardAt = System.nanoTime();
    }

    private void tell(@Nullable T before, @Nullable T after) {
        Change<T> change = new Change<>(before, after);
        for (Handler<T> handler : handlers) {
            try {
                handler.onChange(change);
            } catch (RuntimeException e) {
                // One handler's mistake must not take the cache of all others down.
                log.error("a handler of {} failed", client.resource(), e);
            }
        }
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
