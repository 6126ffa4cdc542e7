package io.paas.apiserver.kinds;

import org.jspecify.annotations.Nullable;

@Doc("ProcessResult says what became of a start, stop or restart of one Pod's process.")
public record ProcessResult(
        @Doc("Name of the Pod.") String pod,
        @Doc("Id of the change; the Pod's process shows it while it runs.")
                @Nullable String changeId,
        @Doc("start, stop or restart.") String verb,
        @Doc("Process id before, if there was a process.") @Nullable Integer oldPid,
        @Doc("Process id after; equal to oldPid when nothing had to be done.")
                @Nullable Integer newPid,
        @Doc("Milliseconds until the end, or until now.") @Nullable Long durationMillis,
        @Doc("Running, Succeeded or Failed; Planned for a dry run.") String state,
        @Doc("State of the process at that moment.") @Nullable String processState,
        @Doc("Why it failed, or what it waits for.") @Nullable String message) {}
