package io.paas.apiserver.request;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The refusal of a request. It becomes a `Status` object (API conventions, "Response Status
/// Kind").
@SuppressWarnings("serial") // It never leaves the process.
public final class Failure extends RuntimeException {

    /// One of the reasons for a refusal.
    ///
    /// @param reason a CauseType of the API conventions, for example `FieldValueInvalid`
    /// @param field path in the request's body, for example `selector.ordinals[1]`
    public record Cause(String reason, String field, String message) {}

    /// What the refusal is about.
    ///
    /// @param kind the plural resource, but the Kind for 422
    public record Subject(String group, String kind, String name) {}

    private final int code;
    private final String reason;
    private final @Nullable Subject subject;
    private final List<Cause> causes;
    private final int retryAfterSeconds;

    private Failure(
            int code,
            String reason,
            String message,
            @Nullable Subject subject,
            List<Cause> causes,
            int retryAfterSeconds) {
        // A refusal is an answer, not a fault: a stack trace would only cost.
        super(message, null, false, false);
        this.code = code;
        this.reason = reason;
        this.subject = subject;
        this.causes = List.copyOf(causes);
        this.retryAfterSeconds = retryAfterSeconds;
    }

    public static Failure of(int code, String reason, String message) {
        return new Failure(code, reason, message, null, List.of(), 0);
    }

    public static Failure badRequest(String message) {
        return of(400, "BadRequest", message);
    }

    public static Failure unauthorized() {
        return of(401, "Unauthorized", "Unauthorized");
    }

    public static Failure notFound(String message) {
        return of(404, "NotFound", message);
    }

    public static Failure notFound(String group, String resource, String name) {
        String qualified = group.isEmpty() ? resource : resource + "." + group;
        return new Failure(
                404,
                "NotFound",
                qualified + " \"" + name + "\" not found",
                new Subject(group, resource, name),
                List.of(),
                0);
    }

    public static Failure conflict(String group, String resource, String name, String message) {
        return new Failure(
                409, "Conflict", message, new Subject(group, resource, name), List.of(), 0);
    }

    public static Failure invalid(String group, String kind, String name, List<Cause> causes) {
        StringBuilder text = new StringBuilder();
        for (Cause cause : causes) {
            text.append(text.isEmpty() ? "" : ", ");
            text.append(cause.field()).append(": ").append(cause.message());
        }
        return new Failure(
                422,
                "Invalid",
                kind + " \"" + name + "\" is invalid: " + text,
                new Subject(group, kind, name),
                causes,
                0);
    }

    /// Only where a repetition does no harm: client-go repeats when it sees Retry-After.
    public static Failure retryLater(int code, String reason, String message, int seconds) {
        return new Failure(code, reason, message, null, List.of(), seconds);
    }

    public Failure about(String group, String kind, String name) {
        return new Failure(
                code,
                reason,
                Objects.requireNonNull(getMessage()),
                new Subject(group, kind, name),
                causes,
                retryAfterSeconds);
    }

    public int code() {
        return code;
    }

    public String reason() {
        return reason;
    }

    public List<Cause> causes() {
        return causes;
    }

    public ApiResponse toResponse() {
        ApiResponse response = ApiResponse.json(code, toStatus());
        return retryAfterSeconds == 0
                ? response
                : response.with("Retry-After", Integer.toString(retryAfterSeconds));
    }

    public ObjectNode toStatus() {
        ObjectNode status = Trees.object();
        status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
        status.put("status", "Failure").put("message", getMessage()).put("reason", reason);
        if (subject != null || !causes.isEmpty() || retryAfterSeconds > 0) {
            ObjectNode details = status.putObject("details");
            if (subject != null) {
                details.put("name", subject.name());
                details.put("group", subject.group()).put("kind", subject.kind());
            }
            if (!causes.isEmpty()) {
                ArrayNode list = details.putArray("causes");
                causes.forEach(
                        cause ->
                                list.addObject()
                                        .put("reason", cause.reason())
                                        .put("message", cause.message())
                                        .put("field", cause.field()));
            }
            if (retryAfterSeconds > 0) {
                details.put("retryAfterSeconds", retryAfterSeconds);
            }
        }
        return status.put("code", code);
    }
}
