package io.paas.pid1;

import com.google.gson.JsonObject;
import io.paas.lifecycle.AgentLog;
import io.paas.lifecycle.Hook;
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

    /// Not-yet is asked again until the process is another one; any other end is final for it.
    private String run(ServiceStatus service, String done) throws InterruptedException {
        JsonObject parameters = new JsonObject();
        parameters.addProperty("pid", service.pid());
        Optional<HookReply> reply = runs.call(hook, parameters);
        if (reply.isEmpty() || reply.get().code() == 503) {
            TimeUnit.SECONDS.sleep(Math.max(1, hook.retryIntervalSeconds()));
            return done;
        }
        AgentLog.say("post-start of pid " + service.pid() + ": code " + reply.get().code());
        write(service.incarnation());
        return service.incarnation();
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
