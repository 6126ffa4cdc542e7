package io.paas.plan.expodset;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What to do now.
///
/// @param lookAgain when time alone will bring the next step; null when only a change does
public record ExPodSetPlan(List<PodAction> actions, @Nullable Duration lookAgain) {

    /// Whether postScaleOut is to be called.
    public boolean joins() {
        return actions.stream().anyMatch(PodAction.CallPostScaleOut.class::isInstance);
    }

    /// The ordinals that get a Pod, or a claim first.
    public Set<Integer> created() {
        Set<Integer> ordinals = new TreeSet<>();
        for (PodAction action : actions) {
            switch (action) {
                case PodAction.CreateClaim create -> ordinals.add(create.ordinal());
                case PodAction.CreatePod create -> ordinals.add(create.ordinal());
                default -> {}
            }
        }
        return ordinals;
    }
}
