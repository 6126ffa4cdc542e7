package io.paas.plan.expodset;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.paas.api.meta.Annotations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What claims have to say, and when a Pod may use them.
final class Claims {

    // A claim that the set did not make wakes nobody when it goes.
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private Claims() {}

    /// Planned before Pods come and go: a claim that has to go with its Pod must say so while the
    /// Pod is there.
    static List<PodAction> updates(ExPodSetSnapshot now) {
        List<PodAction> updates = new ArrayList<>();
        for (ObservedClaim claim : now.claims().values()) {
            if (!claim.terminating()) {
                ObjectNode metadata = changes(now, claim);
                if (!metadata.isEmpty()) {
                    metadata.put("resourceVersion", claim.resourceVersion());
                    updates.add(new PodAction.UpdateClaim(claim.ordinal(), claim.name(), metadata));
                }
            }
        }
        return updates;
    }

    private static ObjectNode changes(ExPodSetSnapshot now, ObservedClaim claim) {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        ObservedPod pod = now.pods().get(claim.ordinal());
        List<V1OwnerReference> owners =
                pod == null ? claim.owners() : ClaimRetention.owners(now, claim, pod);
        if (!ClaimRetention.isSame(owners, claim.owners())) {
            metadata.set("ownerReferences", json(owners));
        }
        String podName = now.podName(claim.ordinal());
        boolean goesWithPod =
                ClaimRetention.isOwnedByPod(claim.owners(), podName)
                        || ClaimRetention.isOwnedByPod(owners, podName);
        String mark = Decommission.wanted(now, claim, goesWithPod);
        if (!Objects.equals(mark, claim.decommissioned())) {
            metadata.putObject("annotations").put(Annotations.DECOMMISSIONED, mark);
        }
        return metadata;
    }

    /// Whether the Pod of an ordinal may be made on its claims. Those that are missing are made
    /// first and stop nothing.
    static boolean mayBeUsed(ExPodSetSnapshot now, int ordinal) {
        return now.set().spec().volumeClaimTemplates().stream()
                .map(template -> template.path("metadata").path("name").asText())
                .map(template -> PodRenderer.claimName(template, now.podName(ordinal)))
                .map(name -> now.claims().get(name))
                .filter(Objects::nonNull)
                .noneMatch(claim -> isInTheWay(now, claim));
    }

    /// Going away, with the Pod before or by itself: a Pod on it would have no volume soon. Or
    /// somebody has to decide about it.
    private static boolean isInTheWay(ExPodSetSnapshot now, ObservedClaim claim) {
        boolean collected =
                ClaimRetention.policy(now.set()).deletesOnScaleIn()
                        && ClaimRetention.isOwnedByPod(
                                claim.owners(), now.podName(claim.ordinal()));
        return claim.terminating() || collected || Decommission.forbids(now, claim);
    }

    static @Nullable Duration lookAgain(ExPodSetSnapshot now) {
        return now.settings().running().stream()
                        .filter(ordinal -> !now.pods().containsKey(ordinal))
                        .allMatch(ordinal -> mayBeUsed(now, ordinal))
                ? null
                : LOOK_AGAIN;
    }

    private static ArrayNode json(List<V1OwnerReference> owners) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (V1OwnerReference owner : owners) {
            ObjectNode reference =
                    array.addObject()
                            .put("apiVersion", owner.getApiVersion())
                            .put("kind", owner.getKind())
                            .put("name", owner.getName())
                            .put("uid", owner.getUid());
            if (owner.getController() != null) {
                reference.put("controller", owner.getController());
            }
            if (owner.getBlockOwnerDeletion() != null) {
                reference.put("blockOwnerDeletion", owner.getBlockOwnerDeletion());
            }
        }
        return array;
    }
}
