package io.paas.controllers.cluster;

import io.paas.api.v1.Operation;
import io.paas.plan.cluster.ClusterLayout;
import io.paas.plan.cluster.ClusterPlan;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What one round does for a cluster's groups. Pure.
///
/// @param processes Operations for changed process states
/// @param changes the Operation that changes the groups
/// @param layout how the groups are to stand now
record ClusterRound(List<Operation> processes, ChangeOperations changes, ClusterLayout layout) {

    static ClusterRound of(ClusterWorld world, ClusterPlan.Run plan) {
        List<Operation> processes = DerivedOperations.of(world, plan);
        Set<String> names =
                processes.stream()
                        .map(operation -> String.valueOf(operation.metadata().getName()))
                        .collect(Collectors.toSet());
        ChangeOperations changes = ChangeOperations.of(world, plan, names);
        Optional<ChangeOperations.Running> running = changes.running(world);
        ClusterLayout layout =
                ClusterLayout.of(
                        world.snapshot(),
                        plan,
                        changes.change(),
                        changes.follows(),
                        running.map(ChangeOperations.Running::transition).orElse(null),
                        running.map(ChangeOperations.Running::changes).orElse(List.of()));
        return new ClusterRound(processes, changes, layout);
    }
}
