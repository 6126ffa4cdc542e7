package io.paas.plan.expodset;

import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.paas.api.v1.ExPodSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/// The owner references by which claims go with their set or their Pod, as StatefulSet writes them
/// (KEP-1847): the garbage collector deletes, never we.
final class ClaimRetention {

    private static final String CORE = "v1";
    private static final String POD = "Pod";

    private ClaimRetention() {}

    static ExPodSet.ClaimRetentionPolicy policy(ExPodSet set) {
        ExPodSet.ClaimRetentionPolicy policy = set.spec().persistentVolumeClaimRetentionPolicy();
        return policy == null ? new ExPodSet.ClaimRetentionPolicy(null, null) : policy;
    }

    /// Whose the claim of a Pod should be. A claim that an earlier set or Pod of the same name owns
    /// is about to be collected and stays as it is; one that another controller owns is not ours to
    /// give away.
    static List<V1OwnerReference> owners(
            ExPodSetSnapshot now, ObservedClaim claim, ObservedPod pod) {
        ExPodSet set = now.set();
        ExPodSet.ClaimRetentionPolicy policy = policy(set);
        String setUid = Objects.requireNonNullElse(set.metadata().getUid(), "");
        Predicate<V1OwnerReference> isSet = owner -> refersToSet(owner, set);
        Predicate<V1OwnerReference> isPod = owner -> refersToPod(owner, pod.name());
        if (isStale(claim, isSet, setUid) || isStale(claim, isPod, pod.uid())) {
            return claim.owners();
        }
        List<V1OwnerReference> owners =
                new ArrayList<>(claim.owners().stream().filter(isSet.or(isPod).negate()).toList());
        if (owners.stream().anyMatch(owner -> Boolean.TRUE.equals(owner.getController()))) {
            return owners;
        }
        if (policy.deletesOnScaleIn() && !now.settings().running().contains(pod.ordinal())) {
            owners.add(controller(CORE, POD, pod.name(), pod.uid()));
        } else if (policy.deletesWithTheSet()) {
            owners.add(
                    controller(set.apiVersion(), set.kind(), name(set), setUid)
                            .blockOwnerDeletion(true));
        }
        return owners;
    }

    /// Whether both say the same: who owns, and who controls.
    static boolean isSame(List<V1OwnerReference> some, List<V1OwnerReference> others) {
        return some.size() == others.size() && facts(some).equals(facts(others));
    }

    static boolean isOwnedByPod(List<V1OwnerReference> owners, String pod) {
        return owners.stream().anyMatch(owner -> refersToPod(owner, pod));
    }

    private static Set<String> facts(List<V1OwnerReference> owners) {
        Set<String> facts = new HashSet<>();
        owners.forEach(
                owner ->
                        facts.add(
                                owner.getUid() + " " + Boolean.TRUE.equals(owner.getController())));
        return facts;
    }

    private static boolean isStale(
            ObservedClaim claim, Predicate<V1OwnerReference> which, String uid) {
        return claim.owners().stream().filter(which).anyMatch(o -> !uid.equals(o.getUid()));
    }

    private static boolean refersToSet(V1OwnerReference owner, ExPodSet set) {
        return group(owner.getApiVersion()).equals(group(set.apiVersion()))
                && owner.getKind().equals(set.kind())
                && owner.getName().equals(name(set));
    }

    private static boolean refersToPod(V1OwnerReference owner, String pod) {
        return owner.getApiVersion().equals(CORE)
                && owner.getKind().equals(POD)
                && owner.getName().equals(pod);
    }

    private static String group(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    private static String name(ExPodSet set) {
        return Objects.requireNonNull(set.metadata().getName());
    }

    // Blocking a Pod's deletion would take a right on pods/finalizers, for nothing.
    private static V1OwnerReference controller(
            String apiVersion, String kind, String name, String uid) {
        return new V1OwnerReference()
                .apiVersion(apiVersion)
                .kind(kind)
                .name(name)
                .uid(uid)
                .controller(true);
    }
}
