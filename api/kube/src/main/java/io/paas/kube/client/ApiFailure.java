package io.paas.kube.client;

import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.models.V1Status;
import io.paas.api.json.ModelGson;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Why kube-apiserver did not do what was asked, sorted by what the caller can do about it.
///
/// The only exception that leaves this package; made at the edge where HTTP ends.
public abstract sealed class ApiFailure extends RuntimeException {

    private final int code;
    private final String reason;

    private ApiFailure(int code, String reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.reason = reason;
    }

    /// The HTTP status; 0 when there was no answer.
    public int code() {
        return code;
    }

    /// The Status object's reason, as `NotFound` or `AlreadyExists`; empty when there was none.
    public String reason() {
        return reason;
    }

    /// The object, or its kind, is not there (404).
    public static final class NotFound extends ApiFailure {
        private NotFound(String reason, String message) {
            super(404, reason, message, null);
        }
    }

    /// Somebody else was faster: resource version, uid, field owner or name (409). Read again.
    public static final class Conflict extends ApiFailure {
        private Conflict(String reason, String message) {
            super(409, reason, message, null);
        }

        public boolean alreadyExists() {
            return reason().equals("AlreadyExists");
        }
    }

    /// We may not do that (401, 403). Also a full quota and a terminating namespace.
    public static final class Forbidden extends ApiFailure {
        private Forbidden(int code, String reason, String message) {
            super(code, reason, message, null);
        }
    }

    /// The object or the patch is wrong and stays wrong (400, 422).
    public static final class Invalid extends ApiFailure {
        private Invalid(int code, String reason, String message) {
            super(code, reason, message, null);
        }
    }

    /// The resource version is too old to watch from or to page on with (410). List again.
    public static final class Expired extends ApiFailure {
        private Expired(String reason, String message) {
            super(410, reason, message, null);
        }
    }

    /// No answer, overload or a fault of the server: the same call may succeed later.
    public static final class Retryable extends ApiFailure {
        private final @Nullable Duration retryAfter;

        private Retryable(
                int code,
                String reason,
                String message,
                @Nullable Duration retryAfter,
                @Nullable Throwable cause) {
            super(code, reason, message, cause);
            this.retryAfter = retryAfter;
        }

        /// What the server asked for by `Retry-After`.
        public @Nullable Duration retryAfter() {
            return retryAfter;
        }
    }

    /// An answer that fits no other case (405, 413, 415, …): a mistake of ours.
    public static final class Fatal extends ApiFailure {
        private Fatal(int code, String reason, String message) {
            super(code, reason, message, null);
        }
    }

    /// This process may not write any more: it does not lead. Nothing was sent.
    public static final class Fenced extends ApiFailure {
        private Fenced() {
            super(0, "", "not sent: this process does not hold its lease", null);
        }
    }

    static ApiFailure fenced() {
        return new Fenced();
    }

    public static ApiFailure of(IOException noAnswer) {
        String message = "no answer from kube-apiserver: " + noAnswer;
        return new Retryable(0, "", message, null, noAnswer);
    }

    public static ApiFailure of(ApiException e) {
        if (e.getCode() == 0) {
            return new Retryable(0, "", "no answer from kube-apiserver: " + e, null, e);
        }
        return of(e.getCode(), e.getResponseBody(), null);
    }

    /// Reads the kind of failure off the HTTP status.
    ///
    /// @param body a Status object or anything else a proxy may have answered
    public static ApiFailure of(int code, @Nullable String body, @Nullable Duration retryAfter) {
        V1Status status = statusIn(body);
        String reason = status.getReason() == null ? "" : status.getReason();
        String message = status.getMessage() == null ? "HTTP " + code : status.getMessage();
        return switch (code) {
            case 400, 422 -> new Invalid(code, reason, message);
            case 401, 403 -> new Forbidden(code, reason, message);
            case 404 -> new NotFound(reason, message);
            case 409 -> new Conflict(reason, message);
            case 410 -> new Expired(reason, message);
            case 429 -> new Retryable(code, reason, message, retryAfter, null);
            default ->
                    code >= 500
                            ? new Retryable(code, reason, message, retryAfter, null)
                            : new Fatal(code, reason, message);
        };
    }

    private static V1Status statusIn(@Nullable String body) {
        if (body == null || !body.startsWith("{")) {
            return new V1Status().message(body == null || body.isBlank() ? null : body);
        }
        try {
            return ModelGson.gson().fromJson(body, V1Status.class);
        } catch (com.google.gson.JsonParseException _) {
            return new V1Status().message(body);
        }
    }
}
