package io.paas.controllers.operation;

import io.paas.api.v1.Condition;
import io.paas.api.v1.Operation.Phase;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Ready, Reconciling and Stalled of an Operation. Pure.
final class OperationConditions {

    private OperationConditions() {}

    static List<Condition> of(
            Phase phase,
            String reason,
            String message,
            @Nullable Long generation,
            List<Condition> before,
            OffsetDateTime now) {
        boolean stalled = phase == Phase.FAILED || phase == Phase.PAUSED;
        return List.of(
                condition(
                        "Ready",
                        phase == Phase.SUCCEEDED,
                        reason,
                        message,
                        generation,
                        before,
                        now),
                condition(
                        "Reconciling", !phase.isFinal(), reason, message, generation, before, now),
                condition("Stalled", stalled, reason, message, generation, before, now));
    }

    private static Condition condition(
            String type,
            boolean isTrue,
            String reason,
            String message,
            @Nullable Long generation,
            List<Condition> before,
            OffsetDateTime now) {
        String status = isTrue ? "True" : "False";
        OffsetDateTime since =
                before.stream()
                        .filter(old -> old.type().equals(type) && old.status().equals(status))
                        .map(Condition::lastTransitionTime)
                        .findFirst()
                        .orElse(now);
        return new Condition(type, status, generation, since, reason, message);
    }
}
