package io.paas.controllers.runtime;

import io.paas.api.v1.Kind;
import io.paas.api.v1.Operation;
import io.paas.kube.client.ApiResource;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.informer.Informer;
import java.util.List;

/// The cache of Operations, by the cluster that they name: not all have it as their owner.
public record ClusterOperations(Informer<Operation> cache) {

    private static final String BY_CLUSTER = "cluster";

    /// To be asked for before the informers are started.
    public static ClusterOperations of(Informers informers) {
        return new ClusterOperations(
                informers
                        .of(ApiResource.own(Kind.OPERATION), ListQuery.ALL)
                        .indexedBy(
                                BY_CLUSTER, operation -> List.of(clusterOf(operation).toString())));
    }

    public List<Operation> on(ObjectKey cluster) {
        return cache.byIndex(BY_CLUSTER, cluster.toString());
    }

    public static ObjectKey clusterOf(Operation operation) {
        return new ObjectKey(ObjectKey.of(operation).namespace(), operation.spec().cluster());
    }
}
