package io.paas.kube.informer;

import io.kubernetes.client.common.KubernetesObject;
import io.paas.kube.client.ApiResource;
import io.paas.kube.client.ObjectKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What a controller wrote for each owner, so that it never decides on a cache that does not show
/// its own writes yet (read-your-writes, KEP-5647).
///
/// A controller records every answer to a write and skips a reconcile until [#caughtUp] says yes;
/// the event that brings the cache forward enqueues the owner again.
public final class WrittenVersions {

    /// What the caches show.
    @FunctionalInterface
    public interface StoreVersions {

        /// The version that the cache of a resource stands at in a namespace.
        ///
        /// @param resource by [ApiResource#toString()]
        long of(String resource, String namespace);
    }

    private final Map<ObjectKey, Map<String, Long>> byOwner = new ConcurrentHashMap<>();

    /// Remembers one write.
    ///
    /// @param answer the object as the server answered the write
    public void wrote(ObjectKey owner, ApiResource<?> resource, KubernetesObject answer) {
        String version = answer.getMetadata().getResourceVersion();
        if (version != null) {
            byOwner.computeIfAbsent(owner, _ -> new ConcurrentHashMap<>())
                    .merge(resource.toString(), Long.parseLong(version), Math::max);
        }
    }

    /// True when the caches show every recorded write of this owner; those are then forgotten.
    public boolean caughtUp(ObjectKey owner, StoreVersions versions) {
        Map<String, Long> written = byOwner.get(owner);
        if (written == null) {
            return true;
        }
        written.entrySet()
                .removeIf(e -> versions.of(e.getKey(), owner.namespace()) >= e.getValue());
        return written.isEmpty();
    }

    /// For an owner that is gone.
    public void forget(ObjectKey owner) {
        byOwner.remove(owner);
    }
}
