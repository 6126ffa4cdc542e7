package io.paas.pid1;

import io.paas.wire.ChangeState;
import io.paas.wire.ChangeStatus;
import io.paas.wire.ProcessResult;
import io.paas.wire.ProcessState;
import io.paas.wire.ProcessVerb;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One change as the launcher keeps it.
record LauncherChange(
        String id,
        ProcessVerb verb,
        ChangeState state,
        int oldPid,
        int newPid,
        long durationMillis,
        long acceptedMillis,
        String message) {
    static LauncherChange parse(String line) {
        Words words = Words.of(line, "message");
        return new LauncherChange(
                words.text("id"),
                verb(words.text("verb")),
                state(words.text("state")),
                (int) words.number("old"),
                (int) words.number("new"),
                words.number("ms"),
                words.number("at"),
                words.text("message"));
    }

    boolean isFinal() {
        return state != ChangeState.RUNNING;
    }

    ProcessResult toResult(@Nullable ProcessState process) {
        return new ProcessResult(
                id,
                verb,
                pidOrNull(oldPid),
                pidOrNull(newPid),
                durationMillis,
                state,
                process,
                message.isEmpty() ? null : message);
    }

    ChangeStatus toStatus() {
        return new ChangeStatus(
                id,
                verb,
                state,
                Instant.ofEpochMilli(acceptedMillis),
                message.isEmpty() ? null : message);
    }

    private static @Nullable Integer pidOrNull(int pid) {
        return pid == 0 ? null : pid;
    }

    private static ProcessVerb verb(String word) {
        return switch (word) {
            case "start" -> ProcessVerb.START;
            case "stop" -> ProcessVerb.STOP;
            default -> ProcessVerb.RESTART;
        };
    }

    private static ChangeState state(String word) {
        return switch (word) {
            case "running" -> ChangeState.RUNNING;
            case "succeeded" -> ChangeState.SUCCEEDED;
            default -> ChangeState.FAILED;
        };
    }
}
