package io.paas.pid1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A launcher as PID 1 of its own pid namespace, and a client of its control socket.
final class TestLauncher implements AutoCloseable {
    static final Path BINARY = Path.of("target/launcher").toAbsolutePath();
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    final Path directory;
    private final Process unshare;

    private TestLauncher(Path directory, Process unshare) {
        this.directory = directory;
        this.unshare = unshare;
    }

    static TestLauncher start(Path directory, String services) {
        return start(directory, services, Map.of());
    }

    /// The services file gets the socket of that directory and no readiness port, unless it says so
    /// itself.
    static TestLauncher start(Path directory, String services, Map<String, String> env) {
        try {
            Path file = directory.resolve("services");
            String head = "socket " + directory.resolve("main.sock") + "\n";
            String port = services.contains("ready-port") ? "" : "ready-port 0\n";
            Files.writeString(file, head + port + services);
            List<String> line = new ArrayList<>(List.of("unshare"));
            if (!ROOT) {
                line.add("--map-root-user");
            }
            line.addAll(List.of("--pid", "--fork", "--mount-proc", "--kill-child"));
            line.addAll(List.of(BINARY.toString(), "run", file.toString()));
            ProcessBuilder builder = new ProcessBuilder(line);
            builder.environment().putAll(env);
            builder.redirectError(directory.resolve("log").toFile());
            builder.redirectOutput(directory.resolve("out").toFile());
            return new TestLauncher(directory, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The launcher's pid as this side sees it, once it has blocked its signals.
    long hostPid() {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < until) {
            var child = unshare.children().findFirst();
            if (child.isPresent() && isReadyForSignals(child.get().pid())) {
                return child.get().pid();
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("no launcher: " + log());
    }

    private static boolean isReadyForSignals(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline")).contains("launcher")
                    && Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                            .anyMatch(line -> line.matches("SigBlk:\\s+[0-9a-f]*[1-9a-f].*"));
        } catch (IOException e) {
            return false;
        }
    }

    void signal(String name) {
        try {
            new ProcessBuilder("kill", "-s", name, String.valueOf(hostPid())).start().waitFor();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    int awaitExit(int seconds) {
        try {
            if (!unshare.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new AssertionError("the launcher still runs: " + log());
            }
            return unshare.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// One request on its own connection; the line that answers it, without the id.
    String request(String id, String command) {
        List<String> lines = exchange(id, command);
        return lines.getLast();
    }

    ServiceStatus status() {
        String line = exchange("s", "STATUS").getFirst();
        return ServiceStatus.parse(line.substring("SERVICE ".length()));
    }

    ServiceStatus await(Predicate<ServiceStatus> condition) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        ServiceStatus last = status();
        while (!condition.test(last)) {
            if (System.nanoTime() > until) {
                throw new AssertionError("still " + last + "\n" + log());
            }
            sleep(10);
            last = status();
        }
        return last;
    }

    LauncherChange awaitChange(String id) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        LauncherChange change = LauncherChange.parse(request("q", "CHANGE " + id).substring(3));
        while (!change.isFinal()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("still " + change + "\n" + log());
            }
            sleep(10);
            change = LauncherChange.parse(request("q", "CHANGE " + id).substring(3));
        }
        return change;
    }

    /// Runs a shell line inside the namespace and gives its output.
    String run(String shell) {
        String reply = request("run-" + System.nanoTime(), "RUN 10000 /bin/sh -c " + encode(shell));
        return decode(reply.substring(reply.indexOf("out=") + 4)).strip();
    }

    String output() {
        try {
            return Files.readString(directory.resolve("out"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    int httpCode(int port, String path) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> exchange(String id, String command) {
        try (SocketChannel channel = connect()) {
            String line = id + " " + command + "\n";
            channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            BufferedReader reader =
                    new BufferedReader(
                            new InputStreamReader(
                                    Channels.newInputStream(channel), StandardCharsets.UTF_8));
            List<String> lines = new ArrayList<>();
            String read;
            while ((read = reader.readLine()) != null) {
                if (read.startsWith(id + " ")) {
                    String rest = read.substring(id.length() + 1);
                    lines.add(rest);
                    if (rest.startsWith("OK") || rest.startsWith("ERR")) {
                        return lines;
                    }
                }
            }
            throw new AssertionError("no answer to " + command + ": " + log());
        } catch (IOException e) {
            throw new AssertionError(log(), e);
        }
    }

    private SocketChannel connect() throws IOException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(directory.resolve("main.sock")));
                return channel;
            } catch (IOException e) {
                channel.close();
                if (System.nanoTime() > until || !unshare.isAlive()) {
                    throw e;
                }
                sleep(5);
            }
        }
    }

    static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String encode(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            encoded.append(String.format("%%%02X", b & 0xff));
        }
        return encoded.toString();
    }

    private static String decode(String text) {
        return java.net.URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        unshare.descendants().forEach(ProcessHandle::destroyForcibly);
        unshare.destroyForcibly();
        try {
            unshare.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
