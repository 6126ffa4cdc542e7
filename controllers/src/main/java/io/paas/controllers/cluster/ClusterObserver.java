package io.paas.controllers.cluster;

import io.kubernetes.client.openapi.models.V1Secret;
import io.paas.api.json.Json;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.Extension;
import io.paas.api.v1.LocalReference;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.Operation;
import io.paas.controllers.extension.Packages;
import io.paas.controllers.runtime.ClusterOperations;
import io.paas.controllers.runtime.Informers;
import io.paas.controllers.runtime.Manifest;
import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.informer.Informer;
import io.paas.plan.cluster.ClusterSnapshot;
import io.paas.plan.cluster.GroupState;
import io.paas.plan.cluster.Revision;
import io.paas.plan.cluster.RevisionContent;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads one cluster's world from the caches.
final class ClusterObserver {

    private final Informer<MiddlewareCluster> clusters;
    private final Informer<Extension> extensions;
    private final Informer<Manifest> revisions;
    private final Informer<ExPodSet> expodsets;
    private final ClusterOperations operations;
    private final ResourceClient<V1Secret> secrets;
    private final Packages packages;

    ClusterObserver(
            Informer<MiddlewareCluster> clusters,
            Informer<Extension> extensions,
            Informer<Manifest> revisions,
            Informer<ExPodSet> expodsets,
            ClusterOperations operations,
            ResourceClient<V1Secret> secrets,
            Packages packages) {
        this.clusters = clusters;
        this.extensions = extensions;
        this.revisions = revisions;
        this.expodsets = expodsets;
        this.operations = operations;
        this.secrets = secrets;
        this.packages = packages;
    }

    @Nullable ClusterWorld observe(ObjectKey key) {
        MiddlewareCluster cluster = clusters.get(key);
        if (cluster == null) {
            return null;
        }
        // Before the sets: an Operation ends when its set has gone, so that one which is over
        // speaks of sets as they are below, or older.
        List<Operation> history = history(key);
        String uid = Objects.requireNonNull(cluster.metadata().getUid());
        Map<String, ExPodSet> sets = new HashMap<>();
        Map<String, GroupState> groups = new HashMap<>();
        for (ExPodSet set : expodsets.byIndex(Informers.BY_OWNER, uid)) {
            GroupState group = GroupState.of(set);
            sets.put(group.group(), set);
            groups.put(group.group(), group);
        }
        MiddlewareCluster.Spec spec = cluster.spec();
        Extension extension =
                extensions.get(
                        new ObjectKey("", Packages.name(spec.type(), spec.extensionVersion())));
        ClusterSnapshot snapshot =
                new ClusterSnapshot(
                        key.name(),
                        key.namespace(),
                        spec,
                        packages.installed(extension).orElse(null),
                        noExtension(spec, extension),
                        revisions.byIndex(Informers.BY_OWNER, uid).stream()
                                .map(ClusterObserver::revision)
                                .toList(),
                        groups,
                        () -> isMissing(key.namespace(), spec.authSecretRef()));
        return new ClusterWorld(key, cluster, snapshot, sets, history);
    }

    private List<Operation> history(ObjectKey key) {
        return operations.on(key).stream()
                .sorted(
                        Comparator.comparing((Operation o) -> o.metadata().getCreationTimestamp())
                                .thenComparingLong(ClusterObserver::generation)
                                .thenComparing(o -> String.valueOf(o.metadata().getName())))
                .toList();
    }

    /// Creation times have whole seconds, and `-g10` sorts before `-g9`.
    private static long generation(Operation operation) {
        Operation.Transition transition = operation.spec().transition();
        return transition == null ? 0 : transition.generation();
    }

    private String noExtension(MiddlewareCluster.Spec spec, @Nullable Extension extension) {
        String name = Packages.name(spec.type(), spec.extensionVersion());
        if (extension != null) {
            return "Extension "
                    + name
                    + " is not valid; kubectl describe mwext "
                    + name
                    + " tells its problems";
        }
        String installed =
                extensions.list().stream()
                        .map(e -> e.metadata().getName())
                        .sorted()
                        .collect(Collectors.joining(", "));
        return "Extension "
                + name
                + " is not installed; installed: "
                + (installed.isEmpty() ? "none" : installed);
    }

    /// Asked from the server each time it decides: Secrets are not for caching. Without the right
    /// to read it, the kubelet is the one to tell.
    private boolean isMissing(String namespace, @Nullable LocalReference secret) {
        if (secret == null) {
            return false;
        }
        try {
            return secrets.find(new ObjectKey(namespace, secret.name())).isEmpty();
        } catch (ApiFailure.Forbidden _) {
            return false;
        }
    }

    private static Revision revision(Manifest object) {
        return new Revision(
                Objects.requireNonNull(object.metadata().getName()),
                object.json().path("revision").asLong(),
                Json.convert(object.json().path("data"), RevisionContent.class));
    }
}
