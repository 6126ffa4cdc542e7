package io.paas.api.v1;

import io.paas.api.json.Json;
import io.paas.api.meta.Annotations;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How an Operation ended: the value of annotation [Annotations#OUTCOME], as JSON. A one-way fact,
/// so it is not status; from it a lost status is written again.
///
/// @param phase one that is final
public record OperationOutcome(
        Operation.Phase phase,
        String reason,
        String message,
        String progress,
        @Nullable OffsetDateTime startedAt,
        OffsetDateTime finishedAt) {

    /// Whether one is recorded, readable or not.
    public static boolean isRecorded(Operation operation) {
        Map<String, String> annotations = operation.metadata().getAnnotations();
        return annotations != null && annotations.containsKey(Annotations.OUTCOME);
    }

    /// The recorded outcome, null while the Operation has none.
    public static @Nullable OperationOutcome of(Operation operation) {
        Map<String, String> annotations = operation.metadata().getAnnotations();
        String json = annotations == null ? null : annotations.get(Annotations.OUTCOME);
        return json == null ? null : Json.read(json, OperationOutcome.class);
    }
}
