package io.paas.controllers.expodset;

import io.paas.api.v1.ExPodSet;
import io.paas.kube.client.ObjectKey;
import io.paas.plan.expodset.PodAction;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Whether a set in the cache is the one that is wanted now.
///
/// Caches lag one by one: a deleted set may seem alive when its Pods are already known to be gone,
/// and would get new ones. So kube-apiserver is asked before Pods are touched, except before those
/// are made which were never there since it was last asked: they did not go with a newer spec.
final class Freshness {

    private final Function<ObjectKey, Optional<ExPodSet>> server;
    private final Map<ObjectKey, Known> known = new ConcurrentHashMap<>();

    /// With an empty memory.
    ///
    /// @param server reads a set from kube-apiserver
    Freshness(Function<ObjectKey, Optional<ExPodSet>> server) {
        this.server = server;
    }

    /// What this process knows of one set. A set is reconciled by one thread at a time.
    private static final class Known {
        private final String uid;
        private final Set<Integer> ordinals = ConcurrentHashMap.newKeySet();
        private volatile boolean asked;

        Known(String uid) {
            this.uid = uid;
        }

        boolean isSuspect(int ordinal) {
            return !asked || ordinals.contains(ordinal);
        }
    }

    /// Asks kube-apiserver whether the cache shows a spec that is no longer wanted.
    boolean isOutdated(ObjectKey key, ExPodSet cached) {
        ExPodSet present = server.apply(key).orElse(null);
        boolean outdated =
                present == null
                        || present.metadata().getDeletionTimestamp() != null
                        || !uid(present).equals(uid(cached))
                        || !Objects.equals(
                                present.metadata().getGeneration(),
                                cached.metadata().getGeneration());
        of(key, cached).asked = !outdated;
        return outdated;
    }

    /// Whether one of the actions would do harm if the spec were an old one.
    boolean matters(ObjectKey key, ExPodSet set, List<PodAction> actions) {
        Known of = of(key, set);
        return actions.stream().anyMatch(action -> matters(set, action, of));
    }

    /// To be told of the Pods of each look at a set, and of those that are about to be made.
    void saw(ObjectKey key, ExPodSet set, Set<Integer> ordinals) {
        of(key, set).ordinals.addAll(ordinals);
    }

    /// Its Pods are not touched any more before kube-apiserver was asked.
    void forget(ObjectKey key) {
        known.remove(key);
    }

    private Known of(ObjectKey key, ExPodSet set) {
        return known.compute(
                key,
                (_, before) ->
                        before != null && before.uid.equals(uid(set))
                                ? before
                                : new Known(uid(set)));
    }

    private static boolean matters(ExPodSet set, PodAction action, Known known) {
        return switch (action) {
            // One that should go with the set gets its owner later, and would be left behind.
            case PodAction.CreateClaim create ->
                    known.isSuspect(create.ordinal()) || deletesClaims(set);
            case PodAction.CreatePod create -> known.isSuspect(create.ordinal());
            case PodAction.UpdateClaim _,
                    PodAction.DeletePod _,
                    PodAction.UpdatePod _,
                    PodAction.ResizePod _ ->
                    true;
            // A member that is wanted again must not be told to leave.
            case PodAction.CallPreScaleIn _ -> true;
            default -> false;
        };
    }

    private static boolean deletesClaims(ExPodSet set) {
        ExPodSet.ClaimRetentionPolicy policy = set.spec().persistentVolumeClaimRetentionPolicy();
        return policy != null && policy.deletesWithTheSet();
    }

    private static String uid(ExPodSet set) {
        return String.valueOf(set.metadata().getUid());
    }
}
