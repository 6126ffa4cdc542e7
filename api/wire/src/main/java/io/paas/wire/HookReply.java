package io.paas.wire;

import com.google.gson.JsonElement;
import org.jspecify.annotations.Nullable;

/// The answer of `POST /<api>` and `GET /runs/{id}` of the lifecycle server.
///
/// @param code the HTTP code of the outcome, also inside a run that is polled for
/// @param reason one of [Reasons]
/// @param exitCode of the command; absent if it was killed or never ran
/// @param data what the command wrote as JSON to file descriptor 3
/// @param stdout head and tail of the output, capped by the API's `outputLimitBytes`
/// @param durationMillis of the last attempt
/// @param runId to poll with
public record HookReply(
        HookStatus status,
        int code,
        @Nullable String reason,
        @Nullable Integer exitCode,
        @Nullable String message,
        @Nullable JsonElement data,
        @Nullable String stdout,
        @Nullable String stderr,
        long durationMillis,
        @Nullable String runId) {
    public HookReply {
        Require.present("status", status);
    }

    /// A scalar of `data`, or null when there is none of that name.
    public @Nullable String dataString(String name) {
        if (data == null || !data.isJsonObject()) {
            return null;
        }
        JsonElement value = data.getAsJsonObject().get(name);
        return value != null && value.isJsonPrimitive() ? value.getAsString() : null;
    }
}
