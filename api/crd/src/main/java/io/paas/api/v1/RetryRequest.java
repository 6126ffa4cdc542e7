package io.paas.api.v1;

import io.paas.api.json.Json;
import io.paas.api.meta.Annotations;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The wish to try a change of a cluster's groups again: the value of annotation
/// [Annotations#RETRY], as JSON. The spec is as it was, so nothing else tells the controllers.
///
/// @param operation the one that failed or was cancelled; the wish is of no other
public record RetryRequest(
        String operation, String user, @Nullable String requestID, @Nullable String auditID) {

    /// Null when nothing is to be tried again, or when it cannot be read.
    public static @Nullable RetryRequest of(MiddlewareCluster cluster) {
        Map<String, String> annotations = cluster.metadata().getAnnotations();
        String json = annotations == null ? null : annotations.get(Annotations.RETRY);
        try {
            return json == null ? null : Json.read(json, RetryRequest.class);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    public Operation.RequestedBy requestedBy() {
        return new Operation.RequestedBy(user, requestID, auditID);
    }
}
