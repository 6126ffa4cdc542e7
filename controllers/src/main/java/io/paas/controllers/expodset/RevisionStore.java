package io.paas.controllers.expodset;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1ControllerRevision;
import io.paas.api.json.Json;
import io.paas.api.meta.Labels;
import io.paas.api.v1.ExPodSet;
import io.paas.controllers.runtime.Informers;
import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.informer.Informer;
import io.paas.plan.expodset.PodRenderer;
import io.paas.plan.expodset.Revision;
import io.paas.plan.expodset.UpdateRevision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/// The templates of a set over time, as ControllerRevisions `<set>-<hash>`.
final class RevisionStore {

    private final ResourceClient<V1ControllerRevision> client;
    private final Informer<V1ControllerRevision> cache;
    private final BiConsumer<ObjectKey, V1ControllerRevision> wrote;

    /// A store.
    ///
    /// @param wrote told of every answer to a write, with the set's key
    RevisionStore(
            ResourceClient<V1ControllerRevision> client,
            Informer<V1ControllerRevision> cache,
            BiConsumer<ObjectKey, V1ControllerRevision> wrote) {
        this.client = client;
        this.cache = cache;
        this.wrote = wrote;
    }

    /// The revisions of the set that the cache shows.
    List<Revision> present(ExPodSet set) {
        List<Revision> revisions = new ArrayList<>();
        for (V1ControllerRevision revision :
                cache.byIndex(Informers.BY_OWNER, String.valueOf(set.metadata().getUid()))) {
            revisions.add(read(revision));
        }
        return revisions;
    }

    /// All revisions of the set, among them one of its present template with the greatest number.
    ///
    /// @throws NameTaken when the name of that one is in use by an object that is not the set's
    List<Revision> ensure(ExPodSet set) {
        List<Revision> revisions = present(set);
        String name = UpdateRevision.name(set, revisions);
        long greatest = revisions.stream().mapToLong(Revision::number).max().orElse(0);
        Revision present =
                revisions.stream().filter(r -> r.name().equals(name)).findFirst().orElse(null);
        if (present == null) {
            revisions.add(read(create(set, name, greatest + 1)));
        } else if (present.number() < greatest) {
            // Back to an earlier template: it becomes the newest again, as StatefulSet does it.
            revisions.remove(present);
            revisions.add(read(renumber(set, name, greatest + 1)));
        }
        // What the hash does not count (the agent's image) comes from the spec for new Pods.
        revisions.replaceAll(
                r ->
                        r.name().equals(name)
                                ? new Revision(name, r.number(), set.spec().template())
                                : r);
        return revisions;
    }

    private V1ControllerRevision create(ExPodSet set, String name, long number) {
        JsonObject revision = new JsonObject();
        JsonObject metadata = new JsonObject();
        metadata.addProperty("name", name);
        JsonObject labels = new JsonObject();
        set.spec().selector().matchLabels().forEach(labels::addProperty);
        labels.addProperty(Labels.MANAGED_BY, Labels.MANAGED_BY_VALUE);
        metadata.add("labels", labels);
        metadata.add(
                "ownerReferences",
                JsonParser.parseString("[" + PodRenderer.ownerReference(set) + "]"));
        revision.add("metadata", metadata);
        revision.addProperty("revision", number);
        // As text: client-java would read the numbers of a free-form object as doubles.
        JsonObject data = new JsonObject();
        data.addProperty("template", Json.write(set.spec().template()));
        revision.add("data", data);
        return written(set, createOrFind(set, name, revision));
    }

    /// One that is there already is either ours, and the cache does not show it yet, or in the way.
    private V1ControllerRevision createOrFind(ExPodSet set, String name, JsonObject revision) {
        String namespace = ObjectKey.of(set).namespace();
        try {
            return client.create(namespace, revision);
        } catch (ApiFailure.Conflict conflict) {
            if (!conflict.alreadyExists()) {
                throw conflict;
            }
            V1ControllerRevision there = client.get(new ObjectKey(namespace, name));
            NameTaken.requireOurs(set, client.resource(), there);
            return there;
        }
    }

    private V1ControllerRevision renumber(ExPodSet set, String name, long number) {
        JsonObject body = new JsonObject();
        body.addProperty("revision", number);
        ObjectKey key = new ObjectKey(String.valueOf(set.metadata().getNamespace()), name);
        return written(set, client.patch(key, new Patch.Merge(body)));
    }

    private V1ControllerRevision written(ExPodSet set, V1ControllerRevision answer) {
        wrote.accept(ObjectKey.of(set), answer);
        return answer;
    }

    private static Revision read(V1ControllerRevision revision) {
        String name = ObjectKey.of(revision).name();
        Object text = revision.getData() instanceof Map<?, ?> data ? data.get("template") : null;
        JsonNode template = Json.read(text instanceof String s ? s : "{}", JsonNode.class);
        return new Revision(name, revision.getRevision(), template);
    }
}
