package io.paas.api.v1;

import io.paas.api.json.Json;
import io.paas.api.meta.Annotations;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A change of a cluster's spec that an Operation did not bring about and that is not tried again:
/// the value of annotation [Annotations#HELD], as JSON.
///
/// @param generation of the spec; it holds for no other
/// @param operation name of the Operation
/// @param reason why that ended, for example `DeadlineExceeded`
public record HeldChange(long generation, String operation, String reason, String message) {

    /// Null when nothing was held yet, or when it cannot be read: then it is tried once more.
    public static @Nullable HeldChange of(MiddlewareCluster cluster) {
        Map<String, String> annotations = cluster.metadata().getAnnotations();
        String json = annotations == null ? null : annotations.get(Annotations.HELD);
        try {
            return json == null ? null : Json.read(json, HeldChange.class);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
