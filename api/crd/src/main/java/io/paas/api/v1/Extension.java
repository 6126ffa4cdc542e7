package io.paas.api.v1;

import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The admitted content of one extension package; cluster-scoped, named `<type>-<version>`.
public record Extension(
        String apiVersion, String kind, V1ObjectMeta metadata, Spec spec, @Nullable Status status)
        implements Resource {

    /// The package as it was admitted.
    ///
    /// @param digest SHA-256 over the package's keys and values, in hex
    /// @param content the package's keys and values
    public record Spec(
            String type,
            String version,
            String digest,
            @Nullable Source source,
            Map<String, String> content) {

        public Spec {
            content = content == null ? Map.of() : content;
        }
    }

    public record Source(@Nullable String namespace, @Nullable String name, @Nullable String uid) {}

    public record Status(
            @Nullable Long observedGeneration,
            @Nullable String middlewareVersions,
            @Nullable Integer clusters,
            List<Condition> conditions) {

        public Status {
            conditions = conditions == null ? List.of() : conditions;
        }
    }
}
