package io.paas.controllers.expodset;

import com.fasterxml.jackson.databind.JsonNode;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.paas.api.meta.Labels;
import io.paas.api.v1.ExPodSet;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.informer.Informer;
import io.paas.plan.expodset.ObservedClaim;
import io.paas.plan.expodset.PodRenderer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Finds the claims of a set.
///
/// Those of the running set and of its Pods by name, because anybody may have made them; all others
/// by the label of the set that made them.
record ClaimCache(Informer<V1PersistentVolumeClaim> claims) {

    /// Index: `<namespace>/<set>`.
    static final String BY_SET = "expodset";

    static List<String> setOf(V1PersistentVolumeClaim claim) {
        ObjectKey maker = maker(claim);
        return maker == null ? List.of() : List.of(maker.toString());
    }

    /// The set that made an object; null when none did.
    static @Nullable ObjectKey maker(KubernetesObject made) {
        String set = label(made, Labels.EXPODSET);
        return set == null ? null : new ObjectKey(ObjectKey.of(made).namespace(), set);
    }

    Map<String, ObservedClaim> of(ExPodSet set, Set<Integer> running, Set<Integer> withPods) {
        Map<String, ObservedClaim> found = new TreeMap<>();
        running.forEach(ordinal -> add(set, ordinal, found));
        withPods.forEach(ordinal -> add(set, ordinal, found));
        for (V1PersistentVolumeClaim claim : claims.byIndex(BY_SET, ObjectKey.of(set).toString())) {
            String ordinal = label(claim, Labels.ORDINAL);
            if (ordinal != null && ordinal.matches("0|[1-9][0-9]{0,4}")) {
                add(set, Integer.parseInt(ordinal), found);
            }
        }
        return found;
    }

    private void add(ExPodSet set, int ordinal, Map<String, ObservedClaim> found) {
        ObjectKey key = ObjectKey.of(set);
        for (JsonNode template : set.spec().volumeClaimTemplates()) {
            String name =
                    PodRenderer.claimName(
                            template.path("metadata").path("name").asText(),
                            key.name() + "-" + ordinal);
            V1PersistentVolumeClaim claim = claims.get(new ObjectKey(key.namespace(), name));
            if (claim != null) {
                found.put(name, ObservedClaim.of(key.name(), ordinal, claim));
            }
        }
    }

    private static @Nullable String label(KubernetesObject object, String key) {
        Map<String, String> labels = Objects.requireNonNull(object.getMetadata()).getLabels();
        return labels == null ? null : labels.get(key);
    }
}
