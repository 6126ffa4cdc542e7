package io.paas.controllers.expodset;

import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1StorageClass;
import io.paas.api.v1.ExPodSet;
import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.informer.Informer;
import io.paas.plan.expodset.ClaimGrowth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// Lets claims grow with their template where their StorageClass allows it. Where it does not, no
/// call is made: the API server would refuse it each time.
final class ClaimUpkeep implements Upkeep {

    private final ResourceClient<V1PersistentVolumeClaim> client;
    private final Informer<V1PersistentVolumeClaim> claims;
    private final Informer<V1StorageClass> classes;
    private final BiConsumer<ObjectKey, V1PersistentVolumeClaim> wrote;

    /// An upkeep.
    ///
    /// @param wrote told of every answer to a write, with the set's key
    ClaimUpkeep(
            ResourceClient<V1PersistentVolumeClaim> client,
            Informer<V1PersistentVolumeClaim> claims,
            Informer<V1StorageClass> classes,
            BiConsumer<ObjectKey, V1PersistentVolumeClaim> wrote) {
        this.client = client;
        this.claims = claims;
        this.classes = classes;
        this.wrote = wrote;
    }

    @Override
    public List<Problem> keep(ExPodSet set) {
        if (Boolean.TRUE.equals(set.spec().paused())) {
            return List.of();
        }
        String namespace = ObjectKey.of(set).namespace();
        List<Problem> problems = new ArrayList<>();
        Map<String, List<String>> fixed = new TreeMap<>();
        for (ClaimGrowth growth :
                ClaimGrowth.of(set, name -> claims.get(new ObjectKey(namespace, name)))) {
            if (allowsExpansion(growth.className())) {
                grow(set, growth, problems);
            } else {
                fixed.computeIfAbsent(growth.className(), _ -> new ArrayList<>())
                        .add(growth.claim());
            }
        }
        fixed.forEach((name, stuck) -> problems.add(notAllowed(name, stuck)));
        return problems;
    }

    private void grow(ExPodSet set, ClaimGrowth growth, List<Problem> problems) {
        ObjectKey key = new ObjectKey(ObjectKey.of(set).namespace(), growth.claim());
        try {
            wrote.accept(ObjectKey.of(set), client.patch(key, patch(growth.to())));
        } catch (ApiFailure failure) {
            problems.add(
                    new Problem(
                            "FailedExpansion",
                            "claim " + growth.claim() + ": " + failure.getMessage()));
        }
    }

    private boolean allowsExpansion(String name) {
        V1StorageClass storageClass = classes.get(new ObjectKey("", name));
        return storageClass != null && Boolean.TRUE.equals(storageClass.getAllowVolumeExpansion());
    }

    private static Problem notAllowed(String className, List<String> stuck) {
        String who =
                className.isEmpty()
                        ? "they have no StorageClass"
                        : "StorageClass " + className + " does not allow volume expansion";
        return new Problem(
                Problem.EXPANSION_NOT_ALLOWED,
                "claims %s keep their size: %s; new claims get the new one"
                        .formatted(
                                String.join(", ", stuck.subList(0, Math.min(20, stuck.size()))),
                                who));
    }

    private static Patch patch(String size) {
        JsonObject requests = new JsonObject();
        requests.addProperty("storage", size);
        JsonObject resources = new JsonObject();
        resources.add("requests", requests);
        JsonObject spec = new JsonObject();
        spec.add("resources", resources);
        JsonObject body = new JsonObject();
        body.add("spec", spec);
        return new Patch.Merge(body);
    }
}
