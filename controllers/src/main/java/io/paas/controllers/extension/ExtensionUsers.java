package io.paas.controllers.extension;

import io.paas.api.v1.MiddlewareCluster;
import io.paas.controllers.runtime.Manifest;
import io.paas.kube.informer.Informer;

/// Who needs an Extension: clusters by their spec, and revisions of clusters by their content.
final class ExtensionUsers {

    private final Informer<MiddlewareCluster> clusters;
    private final Informer<Manifest> revisions;

    ExtensionUsers(Informer<MiddlewareCluster> clusters, Informer<Manifest> revisions) {
        this.clusters = clusters;
        this.revisions = revisions;
    }

    int clusters(String extension) {
        return (int) clusters.list().stream().filter(c -> extension.equals(nameOf(c))).count();
    }

    boolean isUsed(String extension) {
        return clusters(extension) > 0
                || revisions.list().stream().anyMatch(r -> extension.equals(nameOf(r)));
    }

    static String nameOf(MiddlewareCluster cluster) {
        return Packages.name(cluster.spec().type(), cluster.spec().extensionVersion());
    }

    /// Empty for a revision of something else.
    static String nameOf(Manifest revision) {
        return revision.json().at("/data/inputs/extension").asText();
    }
}
