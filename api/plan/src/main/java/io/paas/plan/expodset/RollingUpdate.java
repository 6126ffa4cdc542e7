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
        // Data may be on its way to a Pod that would be deleted.
        boolean busy = now.calls().leaveRuns();
        long free = busy ? 0 : now.settings().maxUnavailable() - unavailable;
        // Slots that are taken by Pods which an update could bring back.
        long takenByOutdated = outdated.stream().filter(pod -> !now.isUp(pod.ordinal())).count();
        long mayGo = free + takenByOutdated;
        for (ObservedPod pod : outdated) {
            if (isHopeless(now, pod)) {
                actions.add(delete(pod, PodAction.Why.OUTDATED_NEVER_READY));
                mayGo--;
            }
        }
        for (ObservedPod pod : outdated) {
            boolean costs = order.costs(pod);
            if (!isHopeless(now, pod) && mayGo > 0 && (!costs || free > 0)) {
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
