package io.paas.controllers.runtime;

import io.paas.api.v1.Condition;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// Makes the conditions of one object in one reconcile: one "now", one generation; the transition
/// time moves only when the status does.
///
/// @param before the conditions that the object has
public record Conditions(List<Condition> before, long generation, Instant now) {

    public Condition isTrue(String type, String reason, String message) {
        return of(type, "True", reason, message);
    }

    public Condition isFalse(String type, String reason, String message) {
        return of(type, "False", reason, message);
    }

    public Condition is(boolean status, String type, String reason, String message) {
        return of(type, status ? "True" : "False", reason, message);
    }

    private Condition of(String type, String status, String reason, String message) {
        OffsetDateTime since =
                find(before, type)
                        .filter(condition -> condition.status().equals(status))
                        .map(Condition::lastTransitionTime)
                        .orElseGet(
                                () -> now.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC));
        return new Condition(type, status, generation, since, reason, message);
    }

    public static Optional<Condition> find(List<Condition> conditions, String type) {
        return conditions.stream().filter(c -> c.type().equals(type)).findFirst();
    }
}
