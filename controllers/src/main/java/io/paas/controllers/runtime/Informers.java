package io.paas.controllers.runtime;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.paas.api.v1.Kind;
import io.paas.kube.client.ApiResource;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ListQuery;
import io.paas.kube.informer.Informer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The caches that all controllers of this process share: one for each resource and query.
///
/// Reconcilers ask for theirs while they are put together; [#start()] comes after all of them, so
/// that no handler misses the first list.
public final class Informers implements AutoCloseable {

    /// Index of every informer: the uids of the controlling owners.
    public static final String BY_OWNER = "owner";

    private static final Duration CUT_OFF = Duration.ofSeconds(30);
    // Longer than a silent watch is kept, see KubeClient.
    private static final Duration SILENT = Duration.ofMinutes(5);

    private record Key(String resource, ListQuery query) {}

    private final KubeClient kube;
    private final List<String> namespaces;
    private final Selector clusters;
    private final Map<Key, Informer<?>> informers = new LinkedHashMap<>();
    private volatile boolean started;

    public Informers(KubeClient kube) {
        this(kube, List.of(), Selector.EVERYTHING);
    }

    /// Of some namespaces or clusters.
    ///
    /// @param namespaces empty for all; what a controller asks of a fixed one, it gets in any case
    /// @param clusters which MiddlewareClusters there are for this process
    public Informers(KubeClient kube, List<String> namespaces, Selector clusters) {
        this.kube = kube;
        this.namespaces = List.copyOf(namespaces);
        this.clusters = clusters;
    }

    public <T extends KubernetesObject> Informer<T> of(ApiResource<T> resource, ListQuery query) {
        Key key = new Key(resource.toString(), query);
        // The key holds the resource, so the type fits.
        @SuppressWarnings("unchecked")
        Informer<T> informer =
                (Informer<T>)
                        informers.computeIfAbsent(
                                key,
                                _ ->
                                        new Informer<>(kube.of(resource), watched(resource, query))
                                                .indexedBy(BY_OWNER, Informers::owner));
        return informer;
    }

    private List<ListQuery> watched(ApiResource<?> resource, ListQuery asked) {
        boolean isChosen =
                resource.kind().equals(Kind.MIDDLEWARE_CLUSTER.kind()) && !clusters.isEverything();
        ListQuery query = isChosen ? asked.labelled(clusters.text()) : asked;
        return namespaces.isEmpty() || !resource.namespaced() || query.namespace() != null
                ? List.of(query)
                : namespaces.stream().map(query::in).toList();
    }

    public void start() {
        informers.values().forEach(Informer::start);
        started = true;
    }

    /// False when a first list was not there in time.
    public boolean awaitSync(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (Informer<?> informer : informers.values()) {
            if (!informer.awaitSync(Duration.ofNanos(deadline - System.nanoTime()))) {
                return false;
            }
        }
        return true;
    }

    /// One for each informer. A cache that has heard nothing for long may lag behind without
    /// knowing it; one that knows that it is cut off says so sooner.
    public List<HealthCheck> checks() {
        if (!started) {
            return List.of(new HealthCheck("informers", "not started yet"));
        }
        return informers.entrySet().stream()
                .flatMap(e -> e.getValue().health().stream().map(h -> check(e.getKey(), h)))
                .toList();
    }

    private static HealthCheck check(Key key, Informer.Health health) {
        String namespace = health.query().namespace();
        String selector = health.query().labelSelector();
        String name =
                "informer/"
                        + key.resource()
                        + (namespace == null ? "" : "/" + namespace)
                        + (selector == null ? "" : "?" + selector);
        return new HealthCheck(name, problem(health));
    }

    static @Nullable String problem(Informer.Health health) {
        String failure = health.lastFailure() == null ? "" : ": " + health.lastFailure();
        if (!health.synced()) {
            return "the first list is not there yet" + failure;
        }
        boolean cutOff = health.failures() > 0;
        return health.silence().compareTo(cutOff ? CUT_OFF : SILENT) <= 0
                ? null
                : "nothing heard for %d s%s".formatted(health.silence().toSeconds(), failure);
    }

    @Override
    public void close() {
        informers.values().forEach(Informer::close);
    }

    /// The owner that controls an object; null when there is none.
    public static @Nullable V1OwnerReference controllerOf(KubernetesObject object) {
        List<V1OwnerReference> owners = object.getMetadata().getOwnerReferences();
        if (owners == null) {
            return null;
        }
        return owners.stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .findFirst()
                .orElse(null);
    }

    private static List<String> owner(KubernetesObject object) {
        V1OwnerReference owner = controllerOf(object);
        return owner == null ? List.of() : List.of(owner.getUid());
    }
}
