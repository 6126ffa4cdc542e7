package io.paas.controllers.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.paas.api.json.Json;
import io.paas.api.meta.Annotations;
import io.paas.controllers.runtime.Informers;
import io.paas.controllers.runtime.Manifest;
import io.paas.kube.client.ApiResource;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.informer.WrittenVersions;
import io.paas.plan.cluster.Revision;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Applies one object when it differs from what is there.
///
/// A hash of what was applied last shows fields that are no longer applied; comparing the fields
/// shows edits of others.
final class Applier {

    private final WrittenVersions written;

    Applier(WrittenVersions written) {
        this.written = written;
    }

    /// The name is in use by an object that is not the cluster's.
    static final class NameTaken extends Exception {
        NameTaken(String message) {
            super(message);
        }
    }

    /// Writes nothing when the object is there as it should be.
    ///
    /// @param live as the cache shows it; null when it does not
    <T extends KubernetesObject> void apply(
            ObjectKey cluster,
            String uid,
            ResourceClient<T> client,
            ObjectNode wanted,
            @Nullable T live,
            Function<T, JsonNode> tree)
            throws NameTaken {
        String hash = Revision.hash(Json.write(wanted));
        if (live != null
                && isOwned(live, uid)
                && hash.equals(applied(live))
                && isIn(withoutOwners(wanted), tree.apply(live))) {
            return;
        }
        ObjectKey key = new ObjectKey(cluster.namespace(), wanted.at("/metadata/name").asText());
        // Caches show only what bears our labels: an apply could take over a stranger's object.
        Optional<T> there = live == null ? client.find(key) : Optional.of(live);
        if (there.isPresent()) {
            requireOwned(client.resource(), there.get(), uid);
        }
        ObjectNode body = wanted.deepCopy();
        ObjectNode metadata = (ObjectNode) body.get("metadata");
        metadata.withObjectProperty("annotations").put(Annotations.APPLIED, hash);
        // Exactly what was seen: a write that arrives late must not undo a later decision.
        there.ifPresent(
                seen -> metadata.put("resourceVersion", seen.getMetadata().getResourceVersion()));
        written.wrote(
                cluster,
                client.resource(),
                client.patch(key, new Patch.Apply(Manifest.gson(body))));
    }

    /// Refuses an object that another one, or nobody, controls.
    static void requireOwned(ApiResource<?> resource, KubernetesObject object, String uid)
            throws NameTaken {
        if (!isOwned(object, uid)) {
            throw new NameTaken(
                    resource.kind()
                            + " "
                            + ObjectKey.of(object)
                            + " is not this cluster's; delete it or"
                            + " give the cluster another name");
        }
    }

    private static boolean isOwned(KubernetesObject object, String uid) {
        V1OwnerReference owner = Informers.controllerOf(object);
        return owner != null && uid.equals(owner.getUid());
    }

    private static @Nullable String applied(KubernetesObject object) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(Annotations.APPLIED);
    }

    /// Others may add owners, and the garbage collector reads ours by its uid only.
    private static ObjectNode withoutOwners(ObjectNode wanted) {
        ObjectNode copy = wanted.deepCopy();
        ((ObjectNode) copy.get("metadata")).remove("ownerReferences");
        return copy;
    }

    /// Whether every wanted field is there; the server's own and defaulted ones do not matter.
    static boolean isIn(JsonNode wanted, @Nullable JsonNode live) {
        if (live == null) {
            return false;
        }
        return switch (wanted.getNodeType()) {
            case OBJECT ->
                    wanted.properties().stream()
                            .allMatch(field -> isIn(field.getValue(), live.get(field.getKey())));
            case ARRAY -> {
                if (wanted.size() != live.size()) {
                    yield false;
                }
                for (int i = 0; i < wanted.size(); i++) {
                    if (!isIn(wanted.get(i), live.get(i))) {
                        yield false;
                    }
                }
                yield true;
            }
            case NUMBER -> live.isNumber() && wanted.asDouble() == live.asDouble();
            default -> Objects.equals(wanted, live);
        };
    }
}
