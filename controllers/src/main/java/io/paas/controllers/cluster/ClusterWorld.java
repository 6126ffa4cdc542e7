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
/// @param operations on the cluster that are not finished, the oldest first
record ClusterWorld(
        ObjectKey key,
        MiddlewareCluster cluster,
        ClusterSnapshot snapshot,
        Map<String, ExPodSet> expodsets,
        List<Operation> operations) {

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
