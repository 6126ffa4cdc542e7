package io.paas.plan.expodset;

import com.fasterxml.jackson.databind.JsonNode;
import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaimSpec;
import io.paas.api.v1.ExPodSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A claim that asks for less than its template does by now. Never the other way: volumes do not
/// shrink.
///
/// @param className its StorageClass; empty when it has none
/// @param to the size that it shall ask for
public record ClaimGrowth(String claim, String className, String to) {

    /// Of the Pods of the running set. Only a bound claim can grow; one that is not yet bound gets
    /// its turn when it is.
    ///
    /// @param claims looks a claim of the set's namespace up by its name
    public static List<ClaimGrowth> of(
            ExPodSet set, Function<String, @Nullable V1PersistentVolumeClaim> claims) {
        List<ClaimGrowth> growths = new ArrayList<>();
        for (JsonNode template : set.spec().volumeClaimTemplates()) {
            String wanted = template.at("/spec/resources/requests/storage").asText();
            for (int ordinal : Settings.of(set.spec()).running()) {
                String name =
                        PodRenderer.claimName(
                                template.at("/metadata/name").asText(),
                                set.metadata().getName() + "-" + ordinal);
                growth(name, wanted, claims.apply(name)).ifPresent(growths::add);
            }
        }
        return growths;
    }

    private static Optional<ClaimGrowth> growth(
            String name, String wanted, @Nullable V1PersistentVolumeClaim claim) {
        if (claim == null
                || claim.getMetadata() == null
                || claim.getMetadata().getDeletionTimestamp() != null
                || claim.getSpec() == null
                || claim.getStatus() == null
                || !"Bound".equals(claim.getStatus().getPhase())
                || !isLess(requested(claim.getSpec()), wanted)) {
            return Optional.empty();
        }
        String className = claim.getSpec().getStorageClassName();
        return Optional.of(new ClaimGrowth(name, className == null ? "" : className, wanted));
    }

    private static @Nullable Quantity requested(V1PersistentVolumeClaimSpec spec) {
        Map<String, Quantity> requests =
                spec.getResources() == null ? null : spec.getResources().getRequests();
        return requests == null ? null : requests.get("storage");
    }

    private static boolean isLess(@Nullable Quantity present, String wanted) {
        try {
            return present != null
                    && present.getNumber().compareTo(new Quantity(wanted).getNumber()) < 0;
        } catch (RuntimeException _) {
            // No quantity: admission refuses it.
            return false;
        }
    }
}
