package io.paas.pid1;

import com.google.gson.JsonObject;
import io.paas.lifecycle.AgentLog;
import io.paas.lifecycle.Hook;
import io.paas.lifecycle.Outcome;
import io.paas.lifecycle.Runs;
import io.paas.wire.HookReply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Runs the extension's `post-start` once for every process. Which process was done is kept in the
/// Pod's volume, so that a restarted agent does not run it again for the same one.
final class PostStartLoop {
    static final String API = "post-start";

    private final LauncherClient launcher;
    private final Runs runs;
    private final Hook hook;
    private final Path file;
    private String said = "";

    PostStartLoop(LauncherClient launcher, Runs runs, Hook hook, Path file) {
        this.launcher = launcher;
        this.runs = runs;
        this.hook = hook;
        this.file = file;
    }

    /// Never returns.
    void runForEver() throws InterruptedException {
        String done = read();
        long seen = -1;
        while (true) {
            Optional<ServiceStatus> service = launcher.status().filter(ServiceStatus::isRunning);
            if (service.isPresent() && !service.get().incarnation().equals(done)) {
                done = run(service.get(), done);
            } else {
                seen = launcher.awaitNews(seen, 60_000);
            }
        }
    }

    /// Done and incompatible are final. Anything else, also a failure, is tried again until the
    /// process is another one: what post-start has to find may only not be there yet.
    private String run(ServiceStatus service, String done) throws InterruptedException {
        JsonObject parameters = new JsonObject();
        parameters.addProperty("pid", service.pid());
        Optional<HookReply> reply = runs.call(hook, parameters);
        reply.ifPresent(ended -> say(service, ended));
        if (reply.isEmpty() || !isFinal(reply.get())) {
            TimeUnit.SECONDS.sleep(Math.max(1, hook.retryIntervalSeconds()));
            return done;
        }
        write(service.incarnation());
        return service.incarnation();
    }

    private static boolean isFinal(HookReply reply) {
        return reply.code() == Outcome.DONE.code() || reply.code() == Outcome.INCOMPATIBLE.code();
    }

    /// Once for each kind of end, for a hook may be tried again for hours.
    private void say(ServiceStatus service, HookReply reply) {
        String line = "post-start of pid " + service.pid() + ": code " + reply.code();
        if (!line.equals(said)) {
            AgentLog.say(reply.message() == null ? line : line + ", " + reply.message());
        }
        said = line;
    }

    private String read() {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return "";
        }
    }

    private void write(String incarnation) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, incarnation);
        } catch (IOException e) {
            AgentLog.say("cannot keep that post-start ran: " + e);
        }
    }
}
