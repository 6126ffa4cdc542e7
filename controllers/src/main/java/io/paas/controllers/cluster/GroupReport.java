package io.paas.controllers.cluster;

import io.paas.api.meta.Annotations;
import io.paas.api.v1.Condition;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.ProcessState;
import io.paas.controllers.runtime.Conditions;
import io.paas.plan.cluster.ClusterPlan;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What an ExPodSet says of its group.
///
/// @param set null when it is not there yet
record GroupReport(ClusterPlan.Group plan, @Nullable ExPodSet set) {

    int replicas() {
        return plan.replicas();
    }

    int ready() {
        return status() == null ? 0 : Objects.requireNonNullElse(status().readyReplicas(), 0);
    }

    boolean isStopped() {
        return plan.processState() == ProcessState.STOPPED;
    }

    /// The ExPodSet's controller has seen its present spec, and all Pods are of its revision.
    boolean isSettled() {
        ExPodSet.Status status = status();
        return set != null
                && status != null
                && Objects.equals(status.observedGeneration(), set.metadata().getGeneration())
                && Objects.equals(status.replicas(), replicas())
                && Objects.equals(
                        Objects.requireNonNullElse(status.updatedReplicas(), 0), replicas());
    }

    boolean hasJoined() {
        return !mustJoin() || condition("Joined").filter(Condition::isTrue).isPresent();
    }

    private boolean mustJoin() {
        ExPodSet.Hooks hooks = plan.content().hooks();
        return hooks != null && hooks.postScaleOut() != null;
    }

    /// Whether any member ever joined: a fact that is not lost with the status.
    boolean hasEverJoined() {
        if (set == null || !mustJoin()) {
            return isSettled();
        }
        Map<String, String> annotations = set.metadata().getAnnotations();
        return annotations != null && annotations.containsKey(Annotations.JOINED_ORDINALS);
    }

    Optional<Condition> stalled() {
        return condition("Stalled").filter(Condition::isTrue);
    }

    boolean isRunning() {
        return isSettled() && hasJoined() && ready() == replicas();
    }

    MiddlewareCluster.GroupStatus toStatus() {
        return new MiddlewareCluster.GroupStatus(
                plan.name(),
                set == null ? null : set.metadata().getName(),
                replicas(),
                ready(),
                plan.processState());
    }

    private Optional<Condition> condition(String type) {
        return status() == null ? Optional.empty() : Conditions.find(status().conditions(), type);
    }

    private ExPodSet.@Nullable Status status() {
        return set == null ? null : set.status();
    }
}
