package io.paas.controllers.runtime;

import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.Operation;
import io.paas.kube.client.ObjectKey;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which sets and Operations are run. With `--selector`: those of a chosen cluster, whatever their
/// own labels, and sets without a cluster by their own.
///
/// @param clusters the chosen ones
public record Scope(
        Selector selector,
        Function<ObjectKey, @Nullable MiddlewareCluster> clusters,
        Function<ObjectKey, @Nullable ExPodSet> sets,
        Function<ObjectKey, @Nullable Operation> operations) {

    /// True also for a set that is gone: somebody has to forget it.
    public boolean hasSet(ObjectKey key) {
        if (selector.isEverything()) {
            return true;
        }
        ExPodSet set = sets.apply(key);
        if (set == null) {
            return true;
        }
        V1OwnerReference owner = Informers.controllerOf(set);
        if (owner != null && owner.getKind().equals(Kind.MIDDLEWARE_CLUSTER.kind())) {
            return isChosen(key.namespace(), owner.getName());
        }
        Map<String, String> labels = set.metadata().getLabels();
        return selector.matches(labels == null ? Map.of() : labels);
    }

    /// An Operation of no chosen cluster is left alone, even when there is no such cluster at all:
    /// whether there is cannot be seen here.
    public boolean hasOperation(ObjectKey key) {
        Operation operation = operations.apply(key);
        return selector.isEverything()
                || operation == null
                || isChosen(key.namespace(), operation.spec().cluster());
    }

    private boolean isChosen(String namespace, String cluster) {
        return clusters.apply(new ObjectKey(namespace, cluster)) != null;
    }
}
