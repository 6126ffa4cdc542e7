package io.paas.plan.expodset;

import java.util.List;

/// Chooses the Pods outside the running set that go now.
///
/// INVARIANT of OrderedReady, as of StatefulSet: one at a time from the highest ordinal, and only
/// while all that stay are up; one that is up itself, or the last that is not. So scale-in halts
/// when several are unhealthy, also on the way to 0: an operator who sees that may still turn back.
final class ScaleIn {

    private ScaleIn() {}

    static List<ObservedPod> leaving(ExPodSetSnapshot now) {
        List<ObservedPod> condemned = condemned(now);
        if (now.settings().parallel()) {
            return condemned.stream().filter(pod -> !pod.terminating()).toList().reversed();
        }
        if (condemned.isEmpty() || !now.allUp()) {
            return List.of();
        }
        ObservedPod next = condemned.getLast();
        boolean halts = !now.isUp(next.ordinal()) && !next.equals(firstDown(now, condemned));
        return next.terminating() || halts ? List.of() : List.of(next);
    }

    private static ObservedPod firstDown(ExPodSetSnapshot now, List<ObservedPod> condemned) {
        return condemned.stream()
                .filter(pod -> !now.isUp(pod.ordinal()))
                .findFirst()
                .orElse(condemned.getLast());
    }

    private static List<ObservedPod> condemned(ExPodSetSnapshot now) {
        return now.pods().values().stream()
                .filter(pod -> !now.settings().running().contains(pod.ordinal()))
                .toList();
    }
}
