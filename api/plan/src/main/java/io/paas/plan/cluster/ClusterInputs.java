package io.paas.plan.cluster;

import io.paas.api.json.Json;
import io.paas.api.v1.LocalReference;
import io.paas.api.v1.MiddlewareCluster;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All that a revision is rendered from. Replicas, process state and `paused` are not among them.
///
/// @param extension name of the Extension
/// @param digest of the Extension's content
public record ClusterInputs(
        String extension,
        String digest,
        String extensionVersion,
        String version,
        String topology,
        Map<String, String> topologyParameters,
        MiddlewareCluster.@Nullable Storage storage,
        MiddlewareCluster.@Nullable Resources resources,
        @Nullable LocalReference authSecretRef,
        List<LocalReference> imagePullSecrets) {

    public ClusterInputs {
        topologyParameters = topologyParameters == null ? Map.of() : topologyParameters;
        imagePullSecrets = imagePullSecrets == null ? List.of() : imagePullSecrets;
    }

    public static ClusterInputs of(MiddlewareCluster.Spec spec, String extension, String digest) {
        return new ClusterInputs(
                extension,
                digest,
                spec.extensionVersion(),
                spec.version(),
                spec.topology(),
                spec.topologyParameters(),
                spec.storage(),
                spec.resources(),
                spec.authSecretRef(),
                spec.imagePullSecrets());
    }

    /// Compares what is written, because a number read twice need not be the same Java class.
    public boolean sameAs(ClusterInputs other) {
        return Json.write(this).equals(Json.write(other));
    }
}
