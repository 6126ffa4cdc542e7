package io.paas.controllers.operation;

import io.paas.agent.AgentAddress;
import io.paas.api.v1.Operation;
import io.paas.plan.cluster.GroupState;
import io.paas.plan.process.GroupSnapshot;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Everything that a plan is made from, at one instant.
///
/// @param blockedBy the Operation of the same cluster whose turn it is, null when it is this one's
/// @param groups the cluster's groups with the Pods that exist
/// @param wanted names of the Pods that the cluster's ExPodSets want, whether they exist or not
/// @param states of the cluster's ExPodSets, by group
/// @param paused whether the cluster is
/// @param agents addresses of the agents by Pod; a Pod without an IP has none
/// @param calls what is known about calls by step; a step without a call has none
record OperationSnapshot(
        Operation operation,
        ClusterState cluster,
        @Nullable String blockedBy,
        List<GroupSnapshot> groups,
        Set<String> wanted,
        Map<String, GroupState> states,
        boolean paused,
        Map<String, AgentAddress> agents,
        Map<String, CallState> calls,
        OffsetDateTime now) {

    enum ClusterState {
        PRESENT,
        DELETING,
        ABSENT
    }

    /// What is known about the call of a step.
    sealed interface CallState {

        record InFlight() implements CallState {}

        /// It ended, and nobody has settled its step since.
        ///
        /// @param at when it ended
        record Ended(StepOutcome outcome, OffsetDateTime at) implements CallState {}
    }

    Operation.@Nullable Status status() {
        return operation.status();
    }

    GroupSnapshot.@Nullable Pod pod(@Nullable String name) {
        return groups.stream()
                .flatMap(group -> group.pods().stream())
                .filter(pod -> pod.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    String uid() {
        return Objects.requireNonNull(operation.metadata().getUid());
    }
}
