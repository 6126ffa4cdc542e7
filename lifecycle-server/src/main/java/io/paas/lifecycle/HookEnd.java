package io.paas.lifecycle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How a command ended, as `launcher exec` wrote it to the status file.
///
/// @param how `exit`, `signal`, `timeout`, `failed` (exec itself) or `unknown`
/// @param number exit code, signal or errno
record HookEnd(String how, int number) {

    /// Messages end in conditions and events, which are short.
    private static final int MAX_LINE = 500;

    static HookEnd read(Path status) throws IOException {
        String[] words = Files.readString(status).strip().split(" ", 2);
        if (words[0].isEmpty()) {
            return new HookEnd("unknown", 0);
        }
        return new HookEnd(words[0], words.length == 2 ? Integer.parseInt(words[1]) : 0);
    }

    Outcome outcome(Hook hook) {
        return switch (how) {
            case "exit" -> Outcome.of(hook, number);
            case "timeout", "unknown" -> Outcome.TIMED_OUT;
            default -> Outcome.FAILED;
        };
    }

    @Nullable Integer exitCode() {
        return how.equals("exit") ? number : null;
    }

    /// For people; null when there is nothing to say.
    ///
    /// @param stderr of the command, whose last line says why it failed
    @Nullable String message(Hook hook, String stderr) {
        return switch (how) {
            case "exit" -> number == 0 ? null : failed(hook, lastLine(stderr));
            case "signal" -> hook.path() + " was killed by signal " + number;
            case "timeout" ->
                    hook.path() + " did not end within " + hook.timeoutSeconds() + " s: killed";
            case "failed" -> hook.command().getFirst() + " can not be executed, errno " + number;
            default -> hook.path() + " did not end in time and its end is unknown";
        };
    }

    private String failed(Hook hook, String why) {
        String end = hook.path() + " exited with code " + number;
        return why.isEmpty() ? end : end + ": " + why;
    }

    private static String lastLine(String text) {
        String stripped = text.strip();
        String line = stripped.substring(stripped.lastIndexOf('\n') + 1);
        return line.length() <= MAX_LINE ? line : line.substring(0, MAX_LINE) + "...";
    }
}
