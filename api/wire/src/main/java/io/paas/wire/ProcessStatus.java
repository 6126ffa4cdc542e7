package io.paas.wire;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The answer of `GET /v1/process`.
///
/// @param name the service's name in the launcher's table
/// @param pid present while a process exists
/// @param restarts starts by the launcher's own decision since the container started; a restart
///   that a user asked for does not count
/// @param ready desired up, running, and judged healthy
/// @param role what the extension's `role` hook last said
/// @param change the running change, or the last one
public record ProcessStatus(
        String name,
        ProcessState state,
        DesiredState desiredState,
        @Nullable Integer pid,
        @Nullable Instant startedAt,
        int restarts,
        @Nullable ExitStatus lastExit,
        boolean ready,
        @Nullable String role,
        @Nullable ChangeStatus change,
        @Nullable String launcherVersion) {
    public ProcessStatus {
        Require.present("name", name);
        Require.present("state", state);
        Require.present("desiredState", desiredState);
    }
}
