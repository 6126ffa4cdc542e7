package io.paas.controllers.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.JsonObject;
import io.paas.api.json.Json;
import io.paas.api.meta.Annotations;
import io.paas.api.meta.Labels;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.HeldChange;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.Operation;
import io.paas.api.v1.OperationOutcome;
import io.paas.controllers.runtime.Informers;
import io.paas.controllers.runtime.Manifest;
import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.ApiResource;
import io.paas.kube.client.DeleteOptions;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.informer.Informer;
import io.paas.kube.informer.WrittenVersions;
import io.paas.plan.cluster.ClusterObjects;
import io.paas.plan.cluster.Revision;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/// All writes for clusters.
final class ClusterWriter {

    /// As many as StatefulSet and Deployment keep.
    private static final int OLD_REVISIONS = 10;

    private final KubeClient kube;
    private final Map<String, Informer<Manifest>> caches;
    private final WrittenVersions written;
    private final Applier applier;

    /// @param caches of the supporting kinds, by kind
    ClusterWriter(
            KubeClient kube, Map<String, Informer<Manifest>> caches, WrittenVersions written) {
        this.kube = kube;
        this.caches = caches;
        this.written = written;
        this.applier = new Applier(written);
    }

    /// Created, not applied: its data can never change. An older one of the same content gets the
    /// new number.
    void revision(ClusterWorld world, Revision revision) throws Applier.NameTaken {
        ResourceClient<Manifest> revisions = kube.of(Manifest.REVISIONS);
        ObjectNode manifest = ClusterObjects.revision(world.cluster(), revision);
        Manifest answer;
        try {
            answer = revisions.create(world.key().namespace(), Manifest.gson(manifest));
        } catch (ApiFailure.Conflict conflict) {
            if (!conflict.alreadyExists()) {
                throw conflict;
            }
            JsonObject number = new JsonObject();
            number.addProperty("revision", revision.number());
            ObjectKey key = new ObjectKey(world.key().namespace(), revision.name());
            Applier.requireOwned(Manifest.REVISIONS, revisions.get(key), world.uid());
            answer = revisions.patch(key, new Patch.Merge(number));
        }
        written.wrote(world.key(), Manifest.REVISIONS, answer);
    }

    void deleteOldRevisions(ClusterWorld world, Revision present) {
        ResourceClient<Manifest> revisions = kube.of(Manifest.REVISIONS);
        for (Revision old : world.snapshot().unused(present, OLD_REVISIONS)) {
            revisions
                    .delete(new ObjectKey(world.key().namespace(), old.name()), DeleteOptions.PLAIN)
                    .ifPresent(answer -> written.wrote(world.key(), Manifest.REVISIONS, answer));
        }
    }

    void supporting(ClusterWorld world, ObjectNode wanted) throws Applier.NameTaken {
        String kind = wanted.get("kind").textValue();
        ApiResource<Manifest> resource =
                Manifest.SUPPORTING.stream()
                        .filter(r -> r.kind().equals(kind))
                        .findFirst()
                        .orElseThrow();
        Manifest live = Objects.requireNonNull(caches.get(kind)).get(keyOf(world, wanted));
        applier.apply(world.key(), world.uid(), kube.of(resource), wanted, live, Manifest::json);
    }

    void expodset(ClusterWorld world, ObjectNode wanted) throws Applier.NameTaken {
        String name = wanted.at("/metadata/name").textValue();
        ExPodSet live =
                world.expodsets().values().stream()
                        .filter(set -> name.equals(set.metadata().getName()))
                        .findFirst()
                        .orElse(null);
        applier.apply(world.key(), world.uid(), kube.of(Kind.EXPODSET), wanted, live, Json::tree);
    }

    /// Its Pods go first: their names and their place on the network stay until they are gone.
    /// Their claims have no owner and stay.
    void deleteExPodSet(ClusterWorld world, ExPodSet set) {
        ResourceClient<ExPodSet> sets = kube.of(Kind.EXPODSET);
        sets.delete(
                        ObjectKey.of(set),
                        DeleteOptions.ofUid(set.metadata().getUid()).propagating("Foreground"))
                .ifPresent(answer -> written.wrote(world.key(), sets.resource(), answer));
    }

    /// Deletes what supported a group that is no longer there.
    ///
    /// @param remains whether a group is
    void deleteLeftOvers(ClusterWorld world, Predicate<String> remains) {
        for (ApiResource<Manifest> resource : Manifest.SUPPORTING) {
            Informer<Manifest> cache = Objects.requireNonNull(caches.get(resource.kind()));
            for (Manifest object : cache.byIndex(Informers.BY_OWNER, world.uid())) {
                String group = object.json().at("/metadata/labels").path(Labels.GROUP).asText();
                if (!group.isEmpty()
                        && !remains.test(group)
                        && object.metadata().getDeletionTimestamp() == null) {
                    kube.of(resource)
                            .delete(
                                    ObjectKey.of(object),
                                    DeleteOptions.ofUid(object.metadata().getUid()));
                }
            }
        }
    }

    /// Ends an Operation before it is done; refused with a conflict if anybody wrote it meanwhile.
    void end(ClusterWorld world, Operation operation, OperationOutcome outcome) {
        ResourceClient<Operation> operations = kube.of(Kind.OPERATION);
        JsonObject metadata = annotation(Annotations.OUTCOME, Json.write(outcome));
        metadata.addProperty("resourceVersion", operation.metadata().getResourceVersion());
        Operation answer =
                operations.patch(ObjectKey.of(operation), new Patch.Merge(ofMetadata(metadata)));
        written.wrote(world.key(), operations.resource(), answer);
    }

    void hold(ClusterWorld world, HeldChange held) {
        JsonObject metadata = annotation(Annotations.HELD, Json.write(held));
        metadata.addProperty("uid", world.uid());
        MiddlewareCluster answer =
                kube.of(Kind.MIDDLEWARE_CLUSTER)
                        .patch(world.key(), new Patch.Merge(ofMetadata(metadata)));
        written.wrote(world.key(), ApiResource.own(Kind.MIDDLEWARE_CLUSTER), answer);
    }

    private static JsonObject annotation(String key, String value) {
        JsonObject annotations = new JsonObject();
        annotations.addProperty(key, value);
        JsonObject metadata = new JsonObject();
        metadata.add("annotations", annotations);
        return metadata;
    }

    private static JsonObject ofMetadata(JsonObject metadata) {
        JsonObject body = new JsonObject();
        body.add("metadata", metadata);
        return body;
    }

    /// Creates it.
    ///
    /// @return false when it exists already
    boolean operation(ClusterWorld world, Operation operation) throws Applier.NameTaken {
        ResourceClient<Operation> operations = kube.of(Kind.OPERATION);
        try {
            Operation answer = operations.create(operation);
            written.wrote(world.key(), operations.resource(), answer);
            return true;
        } catch (ApiFailure.Conflict conflict) {
            if (!conflict.alreadyExists()) {
                throw conflict;
            }
            Operation present = operations.get(ObjectKey.of(operation));
            Applier.requireOwned(operations.resource(), present, world.uid());
            return false;
        }
    }

    void status(ClusterWorld world, MiddlewareCluster.Status status) {
        JsonNode body =
                Json.tree(
                        Map.of(
                                "apiVersion",
                                Kind.API_VERSION,
                                "kind",
                                Kind.MIDDLEWARE_CLUSTER.kind(),
                                "metadata",
                                Map.of("name", world.key().name(), "uid", world.uid()),
                                "status",
                                status));
        MiddlewareCluster answer =
                kube.of(Kind.MIDDLEWARE_CLUSTER)
                        .patchStatus(world.key(), new Patch.Apply(Manifest.gson(body)));
        written.wrote(world.key(), ApiResource.own(Kind.MIDDLEWARE_CLUSTER), answer);
    }

    private static ObjectKey keyOf(ClusterWorld world, ObjectNode wanted) {
        return new ObjectKey(world.key().namespace(), wanted.at("/metadata/name").textValue());
    }
}
