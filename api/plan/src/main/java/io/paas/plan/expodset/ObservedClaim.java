package io.paas.plan.expodset;

import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.paas.api.meta.Annotations;
import io.paas.api.meta.Labels;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One claim of a set, as far as decisions depend on it.
///
/// @param ordinal of the Pod that it is for
/// @param ours made for a set of this name, as its label says
/// @param decommissioned its mark; null when there is none
public record ObservedClaim(
        int ordinal,
        String name,
        String resourceVersion,
        boolean terminating,
        boolean ours,
        List<V1OwnerReference> owners,
        @Nullable String decommissioned) {

    /// Reads the claim of an ordinal of a set.
    public static ObservedClaim of(String set, int ordinal, V1PersistentVolumeClaim claim) {
        V1ObjectMeta metadata = Objects.requireNonNull(claim.getMetadata());
        Map<String, String> labels = orEmpty(metadata.getLabels());
        List<V1OwnerReference> owners = metadata.getOwnerReferences();
        return new ObservedClaim(
                ordinal,
                Objects.requireNonNull(metadata.getName()),
                Objects.requireNonNullElse(metadata.getResourceVersion(), ""),
                metadata.getDeletionTimestamp() != null,
                set.equals(labels.get(Labels.EXPODSET)),
                owners == null ? List.of() : List.copyOf(owners),
                orEmpty(metadata.getAnnotations()).get(Annotations.DECOMMISSIONED));
    }

    private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : map;
    }
}
