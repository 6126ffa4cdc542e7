package io.paas.apiserver.registry;

import io.paas.apiserver.kinds.Doc;
import io.paas.apiserver.request.ApiRequest;
import io.paas.apiserver.request.Failure;
import io.paas.apiserver.request.Failure.Cause;
import io.paas.plan.process.PlanOutcome;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Checks the values of a body against what its [Doc] says, and the parameters that all writes
/// have.
final class OptionChecks {

    private static final int MAX_REQUEST_ID = 128;

    private OptionChecks() {}

    /// What is wrong with the body's own values; empty when nothing is.
    static List<Cause> violations(Record options) {
        List<Cause> causes = new ArrayList<>();
        for (RecordComponent component : options.getClass().getRecordComponents()) {
            Doc doc = Objects.requireNonNull(component.getAnnotation(Doc.class));
            check(component.getName(), doc, value(component, options), causes);
        }
        return causes;
    }

    private static void check(String field, Doc doc, @Nullable Object value, List<Cause> causes) {
        if (value instanceof String text) {
            List<String> allowed = List.of(doc.oneOf());
            if (!allowed.isEmpty() && !allowed.contains(text)) {
                causes.add(
                        new Cause(
                                "FieldValueNotSupported",
                                field,
                                "Unsupported value: \"%s\": supported values: \"%s\""
                                        .formatted(text, String.join("\", \"", allowed))));
            }
            if (field.equals("requestID") && (text.isBlank() || text.length() > MAX_REQUEST_ID)) {
                causes.add(
                        new Cause(
                                "FieldValueInvalid",
                                field,
                                "must have 1 to " + MAX_REQUEST_ID + " characters"));
            }
        }
        if (value instanceof List<?> list && list.size() > doc.maxItems()) {
            causes.add(
                    new Cause(
                            "FieldValueInvalid",
                            field,
                            "has %d items; at most %d are allowed"
                                    .formatted(list.size(), doc.maxItems())));
        }
        if (doc.required() && (value == null || value.equals(""))) {
            causes.add(new Cause("FieldValueRequired", field, "must be set"));
        }
        if (value instanceof Integer number && (number < doc.minimum() || number > doc.maximum())) {
            causes.add(
                    new Cause(
                            "FieldValueInvalid",
                            field,
                            "Invalid value: %d: must be from %d to %d"
                                    .formatted(number, doc.minimum(), doc.maximum())));
        }
    }

    /// What a planner found wrong, as causes of a refusal.
    static List<Cause> causes(List<PlanOutcome.Problem> problems) {
        return problems.stream()
                .map(p -> new Cause("FieldValueInvalid", p.field(), p.message()))
                .toList();
    }

    /// Whether nothing is to be written, by query or by body.
    ///
    /// @throws Failure 400 when either says anything but `All`
    static boolean isDryRun(ApiRequest request, List<String> inBody) {
        List<String> values = new ArrayList<>(request.query().getOrDefault("dryRun", List.of()));
        values.addAll(inBody);
        values.removeIf(String::isEmpty);
        for (String value : values) {
            if (!value.equals("All")) {
                throw Failure.badRequest("dryRun must be 'All', not '" + value + "'");
            }
        }
        return !values.isEmpty();
    }

    private static @Nullable Object value(RecordComponent component, Record options) {
        try {
            return component.getAccessor().invoke(options);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
