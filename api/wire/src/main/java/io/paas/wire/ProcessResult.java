package io.paas.wire;

import org.jspecify.annotations.Nullable;

/// The answer to a change: 200 when it is final, 202 with `state` Running while it goes on.
///
/// @param oldPid the process there was before, if any
/// @param newPid the process there is after, if any; equal to `oldPid` when nothing had to be done
/// @param durationMillis from the agent taking the request to the end (or to now)
/// @param state of the change
/// @param processState of the process at that moment
/// @param message why it failed, or what it waits for
public record ProcessResult(
        String changeId,
        ProcessVerb verb,
        @Nullable Integer oldPid,
        @Nullable Integer newPid,
        long durationMillis,
        ChangeState state,
        @Nullable ProcessState processState,
        @Nullable String message) {
    public ProcessResult {
        Require.present("changeId", changeId);
        Require.present("verb", verb);
        Require.present("state", state);
    }
}
