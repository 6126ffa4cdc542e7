package io.paas.api.v1;

import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/// One condition of a status, as in `meta/v1` of the Kubernetes API conventions.
///
/// @param status `True`, `False` or `Unknown`
/// @param lastTransitionTime when `status` last changed, not when the condition was last written
public record Condition(
        String type,
        String status,
        @Nullable Long observedGeneration,
        OffsetDateTime lastTransitionTime,
        String reason,
        String message) {

    public boolean isTrue() {
        return "True".equals(status);
    }
}
