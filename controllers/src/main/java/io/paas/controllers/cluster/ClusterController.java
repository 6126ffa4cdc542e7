package io.paas.controllers.cluster;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.Extension;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.controllers.extension.Packages;
import io.paas.controllers.runtime.ClusterOperations;
import io.paas.controllers.runtime.ControllerContext;
import io.paas.controllers.runtime.Informers;
import io.paas.controllers.runtime.Manifest;
import io.paas.kube.client.ApiResource;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.controller.Controller;
import io.paas.kube.informer.Informer;
import io.paas.kube.informer.WrittenVersions;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// Wires the MiddlewareCluster reconciler to its caches.
public final class ClusterController {

    private ClusterController() {}

    public static Controller create(ControllerContext context, Packages packages, int concurrency) {
        Informers informers = context.informers();
        Informer<MiddlewareCluster> clusters =
                informers.of(ApiResource.own(Kind.MIDDLEWARE_CLUSTER), ListQuery.ALL);
        Informer<Extension> extensions =
                informers.of(ApiResource.own(Kind.EXTENSION), ListQuery.ALL);
        Informer<ExPodSet> expodsets = informers.of(ApiResource.own(Kind.EXPODSET), ListQuery.ALL);
        ClusterOperations operations = ClusterOperations.of(informers);
        Informer<Manifest> revisions = informers.of(Manifest.REVISIONS, Manifest.OF_CLUSTERS);
        Map<String, Informer<Manifest>> supporting = new HashMap<>();
        Map<String, Informer<?>> all = new HashMap<>();
        for (ApiResource<Manifest> resource : Manifest.SUPPORTING) {
            Informer<Manifest> informer = informers.of(resource, Manifest.OF_CLUSTERS);
            supporting.put(resource.kind(), informer);
            all.put(resource.toString(), informer);
        }
        all.put(ApiResource.own(Kind.MIDDLEWARE_CLUSTER).toString(), clusters);
        all.put(ApiResource.own(Kind.EXPODSET).toString(), expodsets);
        all.put(ApiResource.own(Kind.OPERATION).toString(), operations.cache());
        all.put(Manifest.REVISIONS.toString(), revisions);

        WrittenVersions written = new WrittenVersions();
        ClusterReconciler reconciler =
                new ClusterReconciler(
                        new ClusterObserver(
                                clusters,
                                extensions,
                                revisions,
                                expodsets,
                                operations,
                                context.kube().of(BuiltIn.SECRETS),
                                packages),
                        new ClusterWriter(context.kube(), supporting, written),
                        written,
                        (resource, namespace) -> {
                            Informer<?> informer = all.get(resource);
                            return informer == null
                                    ? Long.MAX_VALUE
                                    : informer.storeVersion(namespace);
                        },
                        context.events(),
                        context.clock());
        Controller controller =
                new Controller("cluster", reconciler, concurrency, context.metrics());

        clusters.onChange(change -> controller.enqueue(ObjectKey.of(change.object())));
        extensions.onChange(
                change -> {
                    if (!isStatusOnly(change)) {
                        clusters.list().stream()
                                .filter(c -> names(c, change.object()))
                                .forEach(c -> controller.enqueue(ObjectKey.of(c)));
                    }
                });
        operations
                .cache()
                .onChange(
                        change -> controller.enqueue(ClusterOperations.clusterOf(change.object())));
        follow(controller, expodsets);
        follow(controller, revisions);
        supporting.values().forEach(informer -> follow(controller, informer));
        return controller;
    }

    /// An Extension's status counts its clusters: each new one would wake all others.
    private static boolean isStatusOnly(Informer.Change<Extension> change) {
        Extension before = change.before();
        Extension after = change.after();
        return before != null
                && after != null
                && Objects.equals(
                        before.metadata().getGeneration(), after.metadata().getGeneration());
    }

    private static boolean names(MiddlewareCluster cluster, Extension extension) {
        return cluster.spec().type().equals(extension.spec().type())
                && cluster.spec().extensionVersion().equals(extension.spec().version());
    }

    private static <T extends KubernetesObject> void follow(
            Controller controller, Informer<T> informer) {
        informer.onChange(
                change -> {
                    V1OwnerReference owner = Informers.controllerOf(change.object());
                    if (owner != null && owner.getKind().equals(Kind.MIDDLEWARE_CLUSTER.kind())) {
                        String namespace = ObjectKey.of(change.object()).namespace();
                        controller.enqueue(new ObjectKey(namespace, owner.getName()));
                    }
                });
    }
}
