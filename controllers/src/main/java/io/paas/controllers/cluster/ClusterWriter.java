package io.paas.controllers.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.JsonObject;
import io.paas.api.json.Json;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.Operation;
import io.paas.controllers.runtime.Manifest;
import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.ApiResource;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.informer.Informer;
import io.paas.kube.informer.WrittenVersions;
import io.paas.plan.cluster.ClusterObjects;
import io.paas.plan.cluster.ClusterPlan;
import java.util.Map;
import java.util.Objects;

/// All writes for clusters.
final class ClusterWriter {

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
    void revision(ClusterWorld world, ClusterPlan.Run plan) throws Applier.NameTaken {
        ResourceClient<Manifest> revisions = kube.of(Manifest.REVISIONS);
        ObjectNode manifest = ClusterObjects.revision(world.cluster(), plan);
        Manifest answer;
        try {
            answer = revisions.create(world.key().namespace(), Manifest.gson(manifest));
        } catch (ApiFailure.Conflict conflict) {
            if (!conflict.alreadyExists()) {
                throw conflict;
            }
            JsonObject number = new JsonObject();
            number.addProperty("revision", plan.revision().number());
            ObjectKey key = new ObjectKey(world.key().namespace(), plan.revision().name());
            Applier.requireOwned(Manifest.REVISIONS, revisions.get(key), world.uid());
            answer = revisions.patch(key, new Patch.Merge(number));
        }
        written.wrote(world.key(), Manifest.REVISIONS, answer);
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
