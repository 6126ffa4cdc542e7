package io.paas.test.conformance.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// What becomes of claims when their Pods or their set go.
@Execution(ExecutionMode.CONCURRENT)
class ClaimRetentionIT {

    @Conformance(
            upstream = "should delete PVCs with a WhenDeleted policy",
            killedBy = Mutant.NEVER_OWNS_CLAIMS)
    void deletesClaimsWithTheSet(Workload set) {
        set.create(Change.replicas(3), Change.claims(), Change.claimRetention("Delete", "Retain"));
        set.awaitClaims(0, 1, 2);
        awaitOwned(set, 0, 1, 2);

        set.delete();

        set.awaitClaims();
    }

    @Conformance(
            upstream = "should delete PVCs with a OnScaledown policy",
            killedBy = {Mutant.NEVER_OWNS_CLAIMS, Mutant.OWNS_CLAIMS_TOO_LATE})
    void deletesClaimsOnScaleIn(Workload set) {
        set.create(Change.replicas(3), Change.claims(), Change.claimRetention("Retain", "Delete"));
        set.awaitReady(3);
        set.awaitClaims(0, 1, 2);

        set.scale(1);

        set.awaitClaims(0);
    }

    @Conformance(
            upstream =
                    "should not delete PVC with OnScaledown policy if another controller owns the"
                            + " PVC",
            killedBy = {Mutant.TAKES_CLAIMS_OF_OTHERS, Mutant.NEVER_OWNS_CLAIMS})
    void keepsTheClaimOfAnotherController(Workload set) {
        set.create(Change.replicas(3), Change.claims());
        set.awaitReady(3);
        set.awaitClaims(0, 1, 2);
        set.patchClaim(1, owned("[" + configMapReference(set, true) + "]"));
        set.update(Change.claimRetention("Retain", "Delete"));
        set.awaitObserved();

        set.scale(0);
        set.awaitPods();
        set.awaitClaims(1);
        // Kept, and not only late. StatefulSet's controller does not watch claims: one that still
        // has its old Pod as owner in the cache would stop it until the set's next event.
        set.stays("the claim", () -> set.claims().keySet(), Set.of("data-ss-1")::equals);

        set.patchClaim(1, owned("null"));
        set.scale(2);
        set.awaitReady(2);
        set.awaitClaims(0, 1);
        set.scale(1);
        set.awaitClaims(0);
    }

    @Conformance(
            upstream = "should delete PVCs after adopting pod (WhenDeleted)",
            killedBy = Mutant.NEVER_OWNS_CLAIMS)
    void deletesTheClaimsOfAnAdoptedPodWithTheSet(Workload set) {
        set.create(Change.replicas(3), Change.claims(), Change.claimRetention("Delete", "Retain"));
        set.awaitReady(3);
        awaitOwned(set, 0, 1, 2);

        set.patchPod(2, "{\"metadata\": {\"ownerReferences\": null}}");
        set.delete();

        set.awaitClaims();
    }

    @Conformance(
            upstream = "should delete PVCs after adopting pod (WhenScaled)",
            killedBy = {Mutant.NEVER_ADOPTS, Mutant.NEVER_OWNS_CLAIMS})
    void deletesTheClaimsOfAnAdoptedPodOnScaleIn(Workload set) {
        set.create(Change.replicas(3), Change.claims(), Change.claimRetention("Retain", "Delete"));
        set.awaitReady(3);

        set.patchPod(2, "{\"metadata\": {\"ownerReferences\": null}}");
        set.scale(1);

        set.awaitClaims(0);
    }

    @Conformance(
            upstream = "should not delete PVCs when there is another controller",
            killedBy = {Mutant.TAKES_CLAIMS_OF_OTHERS, Mutant.NEVER_OWNS_CLAIMS})
    void keepsClaimsThatOthersOwnToo(Workload set) {
        set.create(Change.replicas(4), Change.claims());
        set.awaitReady(4);
        set.awaitClaims(0, 1, 2, 3);
        set.patchClaim(1, owned("[" + configMapReference(set, false) + "]"));
        set.patchClaim(
                3,
                """
                {"metadata": {"finalizers": ["keep-with/stale-ref"], "ownerReferences": [
                  {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "unknown",
                   "uid": "9d86d6ae-4e06-4ff1-bc55-f77f52e272e9", "controller": true,
                   "blockOwnerDeletion": true}]}}""");

        set.update(Change.claimRetention("Delete", "Retain"));
        awaitOwned(set, 0, 1, 2);
        assertThat(owners(set, 1)).as("the other owner stays").hasSize(2);
        JsonNode reference = owners(set, 0).getFirst();
        set.patchClaim(
                0,
                owned(
                        """
                        [{"apiVersion": "%s", "kind": "%s", "name": "ss", "uid": "%s",
                          "controller": false, "blockOwnerDeletion": true}]"""
                                .formatted(
                                        set.kind().apiVersion(),
                                        set.kind(),
                                        reference.path("uid").asText())));
        set.update(Change.claimRetention("Delete", "Delete"));
        awaitOwned(set, 0);

        set.delete();

        set.awaitClaims(1);
    }

    private static void awaitOwned(Workload set, int... ordinals) {
        String uid = set.object().at("/metadata/uid").asText();
        for (int ordinal : ordinals) {
            set.await(
                    "claim " + ordinal + " of the set",
                    () -> owners(set, ordinal),
                    owners ->
                            owners.stream()
                                    .anyMatch(
                                            owner ->
                                                    owner.path("uid").asText().equals(uid)
                                                            && owner.path("controller")
                                                                    .asBoolean()));
        }
    }

    private static List<JsonNode> owners(Workload set, int ordinal) {
        JsonNode claim = set.claims().get("data-ss-" + ordinal);
        return claim == null
                ? List.of()
                : Workload.items(claim.path("metadata").path("ownerReferences"));
    }

    private static String configMapReference(Workload set, boolean controller) {
        JsonNode owner =
                set.api()
                        .create(
                                "/api/v1/namespaces/" + set.namespace() + "/configmaps",
                                KubeApi.parse("{\"metadata\": {\"name\": \"owner\"}}"));
        return """
        {"apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": "%s", "controller": %s}"""
                .formatted(owner.at("/metadata/uid").asText(), controller);
    }

    private static String owned(String references) {
        return "{\"metadata\": {\"ownerReferences\": " + references + "}}";
    }
}
