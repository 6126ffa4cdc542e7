package io.paas.controllers.extension;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.paas.api.meta.Labels;
import io.paas.api.meta.Names;
import io.paas.api.v1.Extension;
import io.paas.api.v1.ExtensionCatalog;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.controllers.runtime.ControllerContext;
import io.paas.controllers.runtime.Manifest;
import io.paas.kube.client.ApiResource;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.controller.Controller;
import io.paas.kube.informer.Informer;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Wires the reconcilers of Extensions and of the catalog to their caches.
public final class ExtensionControllers {

    private static final ListQuery SOURCES =
            ListQuery.inNamespace(Names.EXTENSIONS_NAMESPACE).labelled(Labels.EXTENSION);

    private ExtensionControllers() {}

    public static List<Controller> create(ControllerContext context, Packages packages) {
        Informer<Extension> extensions =
                context.informers().of(ApiResource.own(Kind.EXTENSION), ListQuery.ALL);
        Informer<ExtensionCatalog> catalogs =
                context.informers().of(ApiResource.own(Kind.EXTENSION_CATALOG), ListQuery.ALL);
        Informer<V1ConfigMap> sources = context.informers().of(BuiltIn.CONFIG_MAPS, SOURCES);
        Informer<MiddlewareCluster> clusters =
                context.informers().of(ApiResource.own(Kind.MIDDLEWARE_CLUSTER), ListQuery.ALL);
        Informer<Manifest> revisions =
                context.informers().of(Manifest.REVISIONS, Manifest.OF_CLUSTERS);

        Controller extension =
                new Controller(
                        "extension",
                        new ExtensionReconciler(
                                context.kube().of(Kind.EXTENSION),
                                extensions,
                                sources,
                                new ExtensionUsers(clusters, revisions),
                                packages,
                                context.events(),
                                context.clock()),
                        2,
                        context.metrics());
        Controller catalog =
                new Controller(
                        "catalog",
                        new CatalogReconciler(
                                context.kube().of(Kind.EXTENSION_CATALOG),
                                catalogs,
                                extensions,
                                name ->
                                        sources.list().stream()
                                                .map(ExtensionReconciler::nameOf)
                                                .anyMatch(name::equals),
                                packages),
                        1,
                        context.metrics());

        follow(extension, extensions, e -> e.metadata().getName());
        follow(extension, sources, ExtensionReconciler::nameOf);
        followUsers(extension, clusters, ExtensionUsers::nameOf);
        followUsers(extension, revisions, ExtensionUsers::nameOf);
        extensions.onChange(_ -> catalog.enqueue(CatalogReconciler.KEY));
        sources.onChange(_ -> catalog.enqueue(CatalogReconciler.KEY));
        catalogs.onChange(_ -> catalog.enqueue(CatalogReconciler.KEY));
        return List.of(extension, catalog);
    }

    /// Enqueues the Extension that an object names, before the change and after it.
    private static <T extends KubernetesObject> void follow(
            Controller controller, Informer<T> informer, Function<T, @Nullable String> name) {
        informer.onChange(
                change ->
                        Stream.of(change.before(), change.after())
                                .flatMap(Stream::ofNullable)
                                .map(name)
                                .flatMap(Stream::ofNullable)
                                .filter(extension -> !extension.isEmpty())
                                .distinct()
                                .forEach(
                                        extension ->
                                                controller.enqueue(new ObjectKey("", extension))));
    }

    /// The same for those that use it: only who comes, goes or turns to another one matters.
    private static <T extends KubernetesObject> void followUsers(
            Controller controller, Informer<T> informer, Function<T, String> name) {
        informer.onChange(
                change -> {
                    String before = change.before() == null ? "" : name.apply(change.before());
                    String after = change.after() == null ? "" : name.apply(change.after());
                    if (!before.equals(after)) {
                        Stream.of(before, after)
                                .filter(extension -> !extension.isEmpty())
                                .forEach(e -> controller.enqueue(new ObjectKey("", e)));
                    }
                });
    }
}
