package io.paas.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Doc("ProcessStatus says how the process of one Pod is.")
public record ProcessStatus(
        @Doc("Name of the Pod.") String pod,
        @Doc("Name of the process.") String name,
        @Doc("Running, Starting, Stopping, Stopped, Backoff or Failed.") String state,
        @Doc("Running or Stopped: what it is meant to be.") String desiredState,
        @Doc("Process id while there is a process.") @Nullable Integer pid,
        @Doc("When it was started.") @Nullable Instant startedAt,
        @Doc("How often it was started again by itself.") @Nullable Integer restarts,
        @Doc("How it ended last: exitCode or signal, and when.") @Nullable JsonNode lastExit,
        @Doc("Whether it is meant to run, runs and is healthy.") @Nullable Boolean ready,
        @Doc("The role that it has.") @Nullable String role,
        @Doc("The running change, or the last one.") @Nullable JsonNode change,
        @Doc("Version of the launcher.") @Nullable String launcherVersion) {}
