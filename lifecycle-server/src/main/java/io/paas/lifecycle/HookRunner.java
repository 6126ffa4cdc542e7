package io.paas.lifecycle;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.paas.wire.HookReply;
import io.paas.wire.HookStatus;
import io.paas.wire.Json;
import io.paas.wire.JsonException;
import io.paas.wire.Reasons;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Runs one hook to its end, with its retries. Blocks the calling thread; each command runs below
/// `launcher exec`, which sees to its deadline and leaves no process behind.
public final class HookRunner {
    private static final int MAX_DATA_BYTES = 256 * 1024;
    private static final int GRACE_MILLIS = 2000;

    /// `launcher exec` needs this long at most after the deadline: grace, then KILL.
    private static final int SLACK_SECONDS = 10;

    private final Path launcher;
    private final Path workDir;

    /// A runner that keeps its result files in `workDir` while a command runs.
    public HookRunner(Path launcher, Path workDir) {
        this.launcher = launcher;
        this.workDir = workDir;
    }

    /// Runs the hook until an attempt is not a plain failure or the retries are used up.
    ///
    /// @param extra environment beside the parameters', like the run's id
    public HookReply run(Hook hook, JsonObject parameters, Map<String, String> extra) {
        HookReply reply = attempt(hook, parameters, extra);
        for (int retry = 0; retry < hook.retries() && reply.code() == 422; retry++) {
            if (!pause(hook.retryIntervalSeconds())) {
                return reply;
            }
            reply = attempt(hook, parameters, extra);
        }
        return reply;
    }

    private static boolean pause(int seconds) {
        try {
            TimeUnit.SECONDS.sleep(seconds);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private HookReply attempt(Hook hook, JsonObject parameters, Map<String, String> extra) {
        long began = System.nanoTime();
        try {
            Files.createDirectories(workDir);
            Path result = Files.createTempFile(workDir, "result-", "");
            Path status = Files.createTempFile(workDir, "status-", "");
            try {
                return attempt(hook, parameters, extra, result, status, began);
            } finally {
                Files.deleteIfExists(result);
                Files.deleteIfExists(status);
            }
        } catch (IOException | UncheckedIOException e) {
            return failure(500, Reasons.INTERNAL_ERROR, "cannot run the hook: " + e, began);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failure(500, Reasons.RUN_INTERRUPTED, "the agent stops", began);
        }
    }

    private HookReply attempt(
            Hook hook,
            JsonObject parameters,
            Map<String, String> extra,
            Path result,
            Path status,
            long began)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(commandLine(hook, result, status));
        builder.environment().putAll(HookEnvironment.of(parameters));
        builder.environment().putAll(extra);
        Process process = builder.start();
        CappedOutput stdout = new CappedOutput(hook.outputLimitBytes());
        CappedOutput stderr = new CappedOutput(hook.outputLimitBytes());
        Thread outReader = drain(stdout, process.getInputStream());
        Thread errReader = drain(stderr, process.getErrorStream());
        Thread.startVirtualThread(() -> feed(process.getOutputStream(), Json.write(parameters)));
        try {
            if (!process.waitFor(hook.timeoutSeconds() + SLACK_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroy();
            throw e;
        }
        // Nobody holds the pipes any more; the bound is for a process in an unkillable state.
        outReader.join(1000);
        errReader.join(1000);
        return reply(hook, HookEnd.read(status), data(result), stdout.text(), stderr.text(), began);
    }

    private List<String> commandLine(Hook hook, Path result, Path status) {
        List<String> line = new ArrayList<>();
        line.add(launcher.toString());
        line.add("exec");
        line.addAll(List.of("--timeout-ms", String.valueOf(hook.timeoutSeconds() * 1000L)));
        line.addAll(List.of("--grace-ms", String.valueOf(GRACE_MILLIS)));
        line.addAll(List.of("--result", result.toString(), "--status", status.toString(), "--"));
        line.addAll(hook.command());
        return line;
    }

    private static Thread drain(CappedOutput output, InputStream in) {
        return Thread.startVirtualThread(
                () -> {
                    try {
                        output.drain(in);
                    } catch (IOException e) {
                        // The command ended; what was read counts.
                    }
                });
    }

    private static void feed(OutputStream stdin, String json) {
        try (stdin) {
            stdin.write(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // A command need not read its parameters.
        }
    }

    /// What the command wrote to descriptor 3: null if nothing, or if it is no JSON.
    private static @Nullable JsonElement data(Path result) throws IOException {
        if (Files.size(result) == 0 || Files.size(result) > MAX_DATA_BYTES) {
            return null;
        }
        try {
            return Json.read(Files.readString(result), JsonElement.class);
        } catch (JsonException e) {
            return null;
        }
    }

    private static HookReply reply(
            Hook hook,
            HookEnd end,
            @Nullable JsonElement data,
            String stdout,
            String stderr,
            long began) {
        Outcome outcome = end.outcome(hook);
        return new HookReply(
                outcome == Outcome.DONE ? HookStatus.SUCCESS : HookStatus.FAILURE,
                outcome.code(),
                outcome == Outcome.DONE ? null : outcome.reason(),
                end.exitCode(),
                end.message(hook, stderr),
                data,
                stdout,
                stderr,
                millisSince(began),
                null);
    }

    private static HookReply failure(int code, String reason, String message, long began) {
        return new HookReply(
                HookStatus.FAILURE,
                code,
                reason,
                null,
                message,
                null,
                null,
                null,
                millisSince(began),
                null);
    }

    private static long millisSince(long began) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }
}
