package io.paas.test.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A database client at work: a write every 100 ms through the Service, each waited for.
final class DatabaseLoad implements AutoCloseable {

    private final Process process;
    private final Thread worker;
    private final List<String> failures = new ArrayList<>();
    private volatile boolean ended;
    private int writes;
    private Duration slowest = Duration.ZERO;

    private DatabaseLoad(Process process) {
        this.process = process;
        this.worker = Thread.ofVirtual().name("load").start(this::work);
    }

    /// One shell for the whole time, one redis-cli for each line that it is sent.
    static DatabaseLoad start(DatabaseClient client) {
        var loop =
                "while read -r line; do redis-cli -c -h \"$0\" -p \"$1\" $line 2>&1"
                        + " || echo broken; done";
        var command = new ArrayList<>(List.of("sh", "-c", loop));
        command.addAll(client.address());
        return new DatabaseLoad(client.open(command));
    }

    private void work() {
        try (var requests = process.outputWriter(StandardCharsets.UTF_8);
                var replies =
                        new BufferedReader(
                                new InputStreamReader(
                                        process.getInputStream(), StandardCharsets.UTF_8))) {
            while (!ended) {
                var begin = Instant.now();
                requests.write("SET load-" + writes + " " + writes + "\n");
                requests.flush();
                judge(replies.readLine(), begin);
                Await.pause(Duration.ofMillis(100));
            }
        } catch (IOException e) {
            failures.add("the stream broke: " + e);
        }
    }

    private void judge(String reply, Instant begin) {
        writes++;
        var time = Await.elapsed(begin);
        slowest = time.compareTo(slowest) > 0 ? time : slowest;
        if (!"OK".equals(reply)) {
            failures.add(begin + ": " + reply);
        }
    }

    /// Ends the load; answers what went wrong, which includes a load that never did anything.
    List<String> end() {
        close();
        Figures.note("slowest of " + writes + " writes while the platform failed", slowest);
        if (writes < 20) {
            failures.add("only " + writes + " writes");
        }
        return failures;
    }

    @Override
    public void close() {
        ended = true;
        try {
            worker.join(Duration.ofSeconds(10));
            process.destroy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
