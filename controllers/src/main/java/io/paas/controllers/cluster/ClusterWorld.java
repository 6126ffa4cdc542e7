package io.paas.controllers.cluster;

import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.Operation;
import io.paas.kube.client.ObjectKey;
import io.paas.plan.cluster.ClusterSnapshot;
import java.util.List;
import java.util.Map;

/// Everything known of one cluster at one instant.
///
/// @param expodsets by group
/// @param history all Operations on the cluster, the oldest first
record ClusterWorld(
        ObjectKey key,
        MiddlewareCluster cluster,
        ClusterSnapshot snapshot,
        Map<String, ExPodSet> expodsets,
        List<Operation> history) {

    /// Those that are not finished, the oldest first.
    List<Operation> operations() {
        return history.stream()
                .filter(
                        operation -> {
                            Operation.Phase phase =
                                    operation.status() == null ? null : operation.status().phase();
                            return phase == null || !phase.isFinal();
                        })
                .toList();
    }

    String uid() {
        String uid = cluster.metadata().getUid();
        return uid == null ? "" : uid;
    }

    long generation() {
        Long generation = cluster.metadata().getGeneration();
        return generation == null ? 0 : generation;
    }

    boolean isPaused() {
        return Boolean.TRUE.equals(cluster.spec().paused());
    }
}
