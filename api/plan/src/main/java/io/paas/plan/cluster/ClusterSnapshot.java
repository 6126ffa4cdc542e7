package io.paas.plan.cluster;

import io.paas.api.extension.ExtensionPackage;
import io.paas.api.v1.MiddlewareCluster;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a cluster's plan depends on, at one instant.
///
/// @param extension null when it is not there or not valid
/// @param noExtension why, when it is null
/// @param revisions in any order
/// @param replicas of the ExPodSets that exist, by group
/// @param secretMissing whether spec.authSecretRef names a Secret that is not there
public record ClusterSnapshot(
        String name,
        String namespace,
        MiddlewareCluster.Spec spec,
        @Nullable Installed extension,
        String noExtension,
        List<Revision> revisions,
        Map<String, Integer> replicas,
        boolean secretMissing) {

    /// An Extension that can be used.
    ///
    /// @param name of the Extension object
    public record Installed(String name, String digest, ExtensionPackage content) {}

    /// The revision that the cluster is at: the newest one.
    public Optional<Revision> current() {
        return revisions.stream().max(Comparator.comparingLong(Revision::number));
    }
}
