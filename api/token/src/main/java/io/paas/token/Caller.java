package io.paas.token;

import org.jspecify.annotations.Nullable;

/// On whose behalf an agent is called. The ids travel into the agent's log and the hook's
/// environment.
///
/// @param user the end user, or the ServiceAccount of a controller
/// @param requestId what the user named the request
/// @param auditId of the Kubernetes request
public record Caller(String user, @Nullable String requestId, @Nullable String auditId) {

    public static Caller of(String user) {
        return new Caller(user, null, null);
    }
}
