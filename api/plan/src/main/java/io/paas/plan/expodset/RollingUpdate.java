package io.paas.plan.expodset;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Chooses the Pods that give way to the update revision now.
///
/// INVARIANT: at most `maxUnavailable` of the running set are unavailable because of us. A Pod that
/// is behind and never became Ready does not wait for that: it serves nobody, and waiting for it is
/// what makes a reverted mistake unhealable elsewhere (kubernetes/kubernetes#67250). While
/// processes are meant to be stopped, no Pod can become Ready: one that runs is up and waits like
/// the others.
final class RollingUpdate {

    private RollingUpdate() {}

    static List<PodAction> plan(ExPodSetSnapshot now) {
        List<PodAction> actions = new ArrayList<>();
        RestartOrder order = RestartOrder.of(now);
        List<ObservedPod> outdated = outdated(now, order);
        long unavailable =
                now.settings().running().stream().filter(ordinal -> !now.isUp(ordinal)).count();
        long free = now.settings().maxUnavailable() - unavailable;
        if (now.calls().leaveRuns()) {
            // Data may be on its way to a Pod that would be deleted.
            free = Math.min(free, 0);
        }
        // Slots that are taken by Pods which an update could bring back.
        long takenByOutdated = outdated.stream().filter(pod -> !now.isUp(pod.ordinal())).count();
        long mayGo = free + takenByOutdated + heldUp(now, outdated);
        for (ObservedPod pod : outdated) {
            if (isHopeless(now, pod)) {
                actions.add(delete(pod, PodAction.Why.OUTDATED_NEVER_READY));
                mayGo--;
            } else if (pod.isChangingInPlace()) {
                // What it costs is paid already. Waiting for others would never end where those
                // wait for it.
                actions.addAll(InPlaceUpdate.step(now, pod, PodAction.Why.OUTDATED));
                mayGo--;
            }
        }
        for (ObservedPod pod : outdated) {
            boolean costs = order.costs(pod);
            boolean isOpen = !isHopeless(now, pod) && !pod.isChangingInPlace();
            if (isOpen && mayGo > 0 && (!costs || free > 0)) {
                if (costs && !order.isKnown()) {
                    actions.addAll(order.questions());
                    break;
                }
                actions.addAll(InPlaceUpdate.step(now, pod, PodAction.Why.OUTDATED));
                mayGo--;
                free -= costs ? 1 : 0;
                if (costs && order.isAsked()) {
                    break; // One step for each answer.
                }
            }
        }
        return actions;
    }

    /// How many Pods of OrderedReady cannot be made before one that is behind is up again: they
    /// must not keep it from giving way.
    private static long heldUp(ExPodSetSnapshot now, List<ObservedPod> outdated) {
        if (now.settings().parallel()) {
            return 0;
        }
        int lowestDown =
                now.settings().running().stream()
                        .filter(ordinal -> !now.isUp(ordinal))
                        .findFirst()
                        .orElse(Integer.MAX_VALUE);
        boolean isBehind = outdated.stream().anyMatch(pod -> pod.ordinal() == lowestDown);
        return isBehind
                ? now.settings().running().stream()
                        .filter(ordinal -> ordinal > lowestDown)
                        .filter(ordinal -> !now.pods().containsKey(ordinal))
                        .count()
                : 0;
    }

    /// With OnDelete the user says when; but one that serves nobody waits for nobody, and what has
    /// been begun is brought to its end.
    private static boolean isOurs(ExPodSetSnapshot now, ObservedPod pod) {
        return pod.isChangingInPlace()
                || (now.settings().onDelete()
                        ? isHopeless(now, pod)
                        : pod.ordinal() >= now.settings().partition());
    }

    /// Whether no Pod is left that an update has to replace.
    static boolean isDone(ExPodSetSnapshot now) {
        return now.settings().onDelete() || outdated(now, RestartOrder.of(now)).isEmpty();
    }

    private static boolean isHopeless(ExPodSetSnapshot now, ObservedPod pod) {
        return pod.neverReady() && !pod.isChangingInPlace() && !now.isUp(pod.ordinal());
    }

    /// In the order in which they are replaced: those that are down first.
    private static List<ObservedPod> outdated(ExPodSetSnapshot now, RestartOrder order) {
        return now.pods().values().stream()
                .filter(pod -> now.settings().running().contains(pod.ordinal()))
                .filter(now::isBehind)
                .filter(pod -> isOurs(now, pod))
                .filter(pod -> !pod.terminating() && !pod.isOver())
                .sorted(
                        Comparator.<ObservedPod>comparingInt(pod -> order.costs(pod) ? 1 : 0)
                                .thenComparing(order.comparator()))
                .toList();
    }

    private static PodAction delete(ObservedPod pod, PodAction.Why why) {
        return new PodAction.DeletePod(pod.ordinal(), pod.name(), pod.uid(), why);
    }
}
