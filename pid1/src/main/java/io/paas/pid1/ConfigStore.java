package io.paas.pid1;

import io.paas.lifecycle.AgentLog;
import io.paas.wire.Json;
import io.paas.wire.JsonException;
import io.paas.wire.ProcessManagerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// The last ProcessManagerConfig, kept in the Pod's volume and pushed to every new launcher: a
/// restarted main container begins with its services file's values.
final class ConfigStore {
    private final Path file;
    private final LauncherClient launcher;
    private volatile ProcessManagerConfig config;

    ConfigStore(Path file, LauncherClient launcher) {
        this.file = file;
        this.launcher = launcher;
        this.config = read(file);
    }

    ProcessManagerConfig config() {
        return config;
    }

    void replace(ProcessManagerConfig wanted) {
        config = wanted;
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(fresh, Json.write(wanted));
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            AgentLog.say("cannot keep the configuration: " + e);
        }
    }

    LauncherReply push() {
        return launcher.status()
                .map(service -> launcher.request(Processes.command(service.name(), config)))
                .orElseGet(() -> new LauncherReply.Unreachable("not connected"));
    }

    /// Pushes after every new connection; never returns.
    void pushForEver() throws InterruptedException {
        long pushed = 0;
        long seen = -1;
        while (true) {
            seen = launcher.awaitNews(seen, 60_000);
            long connections = launcher.connections();
            if (connections != pushed && push() instanceof LauncherReply.Ok) {
                pushed = connections;
            }
        }
    }

    private static ProcessManagerConfig read(Path file) {
        try {
            return Files.exists(file)
                    ? Json.read(Files.readString(file), ProcessManagerConfig.class)
                    : ProcessManagerConfig.none();
        } catch (IOException | JsonException e) {
            AgentLog.say("the kept configuration is ignored: " + e);
            return ProcessManagerConfig.none();
        }
    }
}
