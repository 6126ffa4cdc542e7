package io.paas.controllers;

import io.paas.test.support.KubeApiServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The real process in a JVM of its own, with a ServiceAccount of its own so that the audit log
/// tells its writes from those of others.
final class ControllersProcess implements AutoCloseable {

    private static final String NAMESPACE = "middleware-system";

    private final String name;
    private final int port;
    private final Path log;
    private final Process process;

    private ControllersProcess(String name, int port, Path log, Process process) {
        this.name = name;
        this.port = port;
        this.log = log;
        this.process = process;
    }

    static ControllersProcess start(
            KubeApiServer server, Path folder, String name, String... arguments)
            throws IOException {
        Path kubeconfig = Files.writeString(folder.resolve(name + ".conf"), login(server, name));
        int port = freePort();
        Path log = folder.resolve(name + ".log");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx256m",
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                ControllersMain.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment()
                .putAll(
                        Map.of(
                                "KUBECONFIG",
                                kubeconfig.toString(),
                                "POD_NAME",
                                name,
                                "POD_NAMESPACE",
                                NAMESPACE,
                                "HTTP_PORT",
                                Integer.toString(port)));
        return new ControllersProcess(name, port, log, builder.start());
    }

    /// As the audit log names it.
    String user() {
        return "system:serviceaccount:" + NAMESPACE + ":" + name;
    }

    void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// @throws IllegalStateException with its log when it does not end in time
    int exitCode(Duration timeout) throws InterruptedException {
        if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException(name + " did not end: " + logTail());
        }
        return process.exitValue();
    }

    /// The HTTP status of one of its endpoints; 0 while nobody answers.
    int status(String path) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(Duration.ofSeconds(2))
                            .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException _) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    String logTail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static String login(KubeApiServer server, String name) {
        server.kubectl("create", "serviceaccount", name, "-n", NAMESPACE);
        String subject = "--serviceaccount=" + NAMESPACE + ":" + name;
        server.kubectl(
                "create",
                "clusterrolebinding",
                name,
                "--clusterrole=middleware-controllers",
                subject);
        for (String role : List.of("middleware-controllers", "process-token-keys-publisher")) {
            server.kubectl(
                    "create",
                    "rolebinding",
                    name + "-" + role,
                    "-n",
                    NAMESPACE,
                    "--role=" + role,
                    subject);
        }
        String token = server.kubectl("create", "token", name, "-n", NAMESPACE).strip();
        try {
            return Files.readString(server.kubeconfig()).replace(server.adminToken(), token);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
