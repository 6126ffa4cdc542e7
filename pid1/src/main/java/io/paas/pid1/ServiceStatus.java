package io.paas.pid1;

import io.paas.wire.DesiredState;
import io.paas.wire.ExitStatus;
import io.paas.wire.ProcessState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One service as the launcher's status line tells it.
///
/// @param pid 0 if there is no process
/// @param spawns processes that reached exec in this life of the container
/// @param changeId of the running or last change, null if there was none
/// @param problem why it does not run, empty if it does
record ServiceStatus(
        String name,
        ProcessState state,
        DesiredState desired,
        int pid,
        long startedMillis,
        int restarts,
        long spawns,
        @Nullable ExitStatus lastExit,
        Verdict verdict,
        boolean ready,
        @Nullable String changeId,
        String problem) {
    static ServiceStatus parse(String line) {
        Words words = Words.of(line, "problem");
        String change = words.text("change");
        return new ServiceStatus(
                words.text("name"),
                state(words.text("phase")),
                words.text("desired").equals("down") ? DesiredState.STOPPED : DesiredState.RUNNING,
                (int) words.number("pid"),
                words.number("started"),
                (int) words.number("restarts"),
                words.number("spawns"),
                exit(words.text("exit"), words.number("exit-at")),
                Verdict.of(words.text("verdict")),
                words.number("ready") == 1,
                change.isEmpty() || change.equals("-") ? null : change,
                words.text("problem"));
    }

    boolean isRunning() {
        return state == ProcessState.RUNNING && pid != 0;
    }

    /// Names one process for as long as the node's clock does not repeat itself.
    String incarnation() {
        return pid + "@" + startedMillis;
    }

    private static ProcessState state(String phase) {
        return switch (phase) {
            case "starting" -> ProcessState.STARTING;
            case "up" -> ProcessState.RUNNING;
            case "stopping" -> ProcessState.STOPPING;
            // The leader is dead and its group is being cleared away before the next try.
            case "cleanup", "backoff" -> ProcessState.BACKOFF;
            case "failed" -> ProcessState.FAILED;
            default -> ProcessState.STOPPED;
        };
    }

    private static @Nullable ExitStatus exit(String how, long atMillis) {
        String[] parts = how.split(":", 2);
        if (parts.length != 2) {
            return null;
        }
        Integer number = Integer.valueOf(parts[1]);
        Instant at = Instant.ofEpochMilli(atMillis);
        return parts[0].equals("code")
                ? new ExitStatus(number, null, at)
                : new ExitStatus(null, number, at);
    }
}
