package io.paas.controllers.extension;

import io.paas.api.v1.MiddlewareCluster;
import io.paas.controllers.runtime.Manifest;
import io.paas.kube.informer.Informer;
import java.util.List;

/// Who needs an Extension: clusters by their spec, and revisions of clusters by their content.
final class ExtensionUsers {

    private static final String BY_EXTENSION = "extension";

    private final Informer<MiddlewareCluster> clusters;
    private final Informer<Manifest> revisions;

    /// Adds an index to both caches, which must not have been started.
    ExtensionUsers(Informer<MiddlewareCluster> clusters, Informer<Manifest> revisions) {
        this.clusters = clusters.indexedBy(BY_EXTENSION, cluster -> List.of(nameOf(cluster)));
        this.revisions = revisions.indexedBy(BY_EXTENSION, revision -> List.of(nameOf(revision)));
    }

    int clusters(String extension) {
        return clusters.byIndex(BY_EXTENSION, extension).size();
    }

    boolean isUsed(String extension) {
        return clusters(extension) > 0 || !revisions.byIndex(BY_EXTENSION, extension).isEmpty();
    }

    static String nameOf(MiddlewareCluster cluster) {
        return Packages.name(cluster.spec().type(), cluster.spec().extensionVersion());
    }

    /// Empty for a revision of something else.
    static String nameOf(Manifest revision) {
        return revision.json().at("/data/inputs/extension").asText();
    }
}
