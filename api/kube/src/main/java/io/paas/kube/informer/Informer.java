package io.paas.kube.informer;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.informer.cache.Cache;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.ResourceClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A local copy of all objects of one kind that match a query, and a source of their changes.
///
/// The store is client-java's [Cache]. The reflector is our own, for one reason: it can say which
/// resource version the *store* stands at ([#storeVersion]). client-java queues deltas by key
/// between the watch and the store, so that nobody can know whether an own write is already in it;
/// read-your-writes ([WrittenVersions], KEP-5647) needs exactly that.
///
/// Several queries, of one namespace each, share the store; each is followed for itself. Handlers
/// are told of one change at a time and must only enqueue.
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
            ListQuery query,
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

    private final String resource;
    private final Cache<T> store = new Cache<>();
    private final List<Handler<T>> handlers = new CopyOnWriteArrayList<>();
    private final List<Reflector<T>> reflectors;
    private final CountDownLatch synced;

    public Informer(ResourceClient<T> client, ListQuery query) {
        this(client, List.of(query));
    }

    /// Of several namespaces.
    ///
    /// @param queries not empty; no object matches two of them
    public Informer(ResourceClient<T> client, List<ListQuery> queries) {
        resource = client.resource().toString();
        synced = new CountDownLatch(queries.size());
        Store sink = new Store();
        reflectors =
                queries.stream()
                        .map(query -> new Reflector<>(client, query, sink, synced::countDown))
                        .toList();
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
        reflectors.forEach(Reflector::start);
        return this;
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
        return store.byIndex(index, value);
    }

    /// Every change in this namespace up to this resource version is in the store. Resource
    /// versions of one kind are comparable numbers (KEP-5504).
    ///
    /// @param namespace empty for cluster-scoped objects; one that no query covers never changes
    public long storeVersion(String namespace) {
        return reflectors.stream()
                .filter(r -> r.query().covers(namespace))
                .mapToLong(Reflector::version)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /// One for each query.
    public List<Health> health() {
        return reflectors.stream().map(Reflector::health).toList();
    }

    @Override
    public void close() {
        reflectors.forEach(Reflector::close);
    }

    private final class Store implements Reflector.Sink<T> {

        @Override
        public List<Change<T>> replace(ListQuery query, List<T> items) {
            Map<String, T> gone = present(query);
            List<Change<T>> changes = new ArrayList<>();
            for (T item : items) {
                // Not Cache.replace: it forgets the indexes, and byIndex of a kind without objects
                // then fails.
                store.update(item);
                changes.add(new Change<>(gone.remove(ObjectKey.of(item).toString()), item));
            }
            for (T object : gone.values()) {
                store.delete(object);
                changes.add(new Change<>(object, null));
            }
            return changes;
        }

        @Override
        public Change<T> upsert(T object) {
            T before = store.get(object);
            store.update(object);
            return new Change<>(before, object);
        }

        @Override
        public Change<T> delete(T object) {
            store.delete(object);
            return new Change<>(object, null);
        }

        @Override
        public synchronized void tell(Change<T> change) {
            for (Handler<T> handler : handlers) {
                try {
                    handler.onChange(change);
                } catch (RuntimeException e) {
                    // One handler's mistake must not take the cache of all others down.
                    log.error("a handler of {} failed", resource, e);
                }
            }
        }

        private Map<String, T> present(ListQuery query) {
            Map<String, T> present = new HashMap<>();
            for (T object : store.list()) {
                ObjectKey key = ObjectKey.of(object);
                if (query.covers(key.namespace())) {
                    present.put(key.toString(), object);
                }
            }
            return present;
        }
    }
}
