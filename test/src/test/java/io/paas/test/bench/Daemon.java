package io.paas.test.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// A process that is started again when it ends, as a kubelet would: the first time at once, then
/// after 10 s and twice as long each time.
final class Daemon implements AutoCloseable {

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(10);
    private static final int TAIL = 30;

    private final ProcessBuilder builder;
    private final Path log;
    private final Thread keeper;
    private volatile Process process;
    private volatile boolean closed;
    private final AtomicInteger restarts = new AtomicInteger();

    Daemon(List<String> command, Map<String, String> environment, Path log) {
        this.log = log;
        this.builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        this.process = begin();
        this.keeper = Thread.ofVirtual().start(this::keep);
    }

    Usage usage() {
        return Usage.of(process.pid());
    }

    int restarts() {
        return restarts.get();
    }

    String logTail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    @Override
    public void close() {
        closed = true;
        keeper.interrupt();
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void keep() {
        Duration pause = Duration.ZERO;
        try {
            while (true) {
                process.waitFor();
                Thread.sleep(pause);
                if (closed) {
                    return;
                }
                pause = pause.isZero() ? FIRST_BACKOFF : pause.multipliedBy(2);
                restarts.incrementAndGet();
                process = begin();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Process begin() {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
