package io.paas.lifecycle;

import io.paas.wire.Json;
import io.paas.wire.JsonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Runs on disk, one file each, in a volume that outlives the container. Losing one only means that
/// an old idempotency key is not known any more, so errors are told and not fatal.
final class RunStore {
    private final Path directory;

    RunStore(Path directory) {
        this.directory = directory;
    }

    void write(RunRecord run) {
        try {
            Files.createDirectories(directory);
            Path fresh = directory.resolve("." + run.id());
            Files.writeString(fresh, Json.write(run));
            Files.move(
                    fresh,
                    directory.resolve(run.id()),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            AgentLog.say("cannot keep run " + run.id() + ": " + e);
        }
    }

    void delete(String id) {
        try {
            Files.deleteIfExists(directory.resolve(id));
        } catch (IOException e) {
            AgentLog.say("cannot forget run " + id + ": " + e);
        }
    }

    /// All runs of earlier lives of the agent, oldest first.
    List<RunRecord> read() {
        List<RunRecord> runs = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return runs;
        }
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted((a, b) -> Long.compare(modified(a), modified(b)))
                    .forEach(file -> add(runs, file));
        } catch (IOException e) {
            AgentLog.say("cannot read earlier runs: " + e);
        }
        return runs;
    }

    private static void add(List<RunRecord> runs, Path file) {
        try {
            runs.add(Json.read(Files.readString(file), RunRecord.class));
        } catch (IOException | JsonException e) {
            AgentLog.say("cannot read run " + file + ": " + e);
        }
    }

    private static long modified(Path file) {
        try {
            return Files.getLastModifiedTime(file).toMillis();
        } catch (IOException e) {
            return 0;
        }
    }
}
