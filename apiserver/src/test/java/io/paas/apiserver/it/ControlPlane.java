package io.paas.apiserver.it;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// An etcd and a kube-apiserver with an aggregation layer, for one test class. Users are known by
/// static tokens: `admin` (system:masters), `alice` and `server` (no group).
final class ControlPlane implements AutoCloseable {

    private final Path directory;
    private final List<Process> processes = new ArrayList<>();
    private final Path tools;
    final TestCa clientCa = new TestCa("client-ca");
    final TestCa proxyCa = new TestCa("front-proxy-ca");
    final int port;

    private ControlPlane(Path directory, Path tools) throws IOException {
        this.directory = directory;
        this.tools = tools;
        this.port = freePort();
    }

    /// Empty when the binaries have not been built.
    static Optional<Path> tools() {
        Path root = Path.of(System.getProperty("user.home"), ".cache/middleware-platform/tools");
        return Files.isDirectory(root) ? Optional.of(root) : Optional.empty();
    }

    static ControlPlane start(Path directory, Path tools) throws IOException, InterruptedException {
        ControlPlane plane = new ControlPlane(directory, tools);
        try {
            plane.start();
        } catch (IOException | RuntimeException e) {
            plane.close();
            throw e;
        }
        return plane;
    }

    private void start() throws IOException, InterruptedException {
        int etcd = freePort();
        int peer = freePort();
        spawn(
                "etcd",
                "--data-dir=" + directory.resolve("etcd"),
                "--listen-client-urls=http://127.0.0.1:" + etcd,
                "--advertise-client-urls=http://127.0.0.1:" + etcd,
                "--listen-peer-urls=http://127.0.0.1:" + peer,
                "--initial-advertise-peer-urls=http://127.0.0.1:" + peer,
                "--initial-cluster=default=http://127.0.0.1:" + peer,
                "--unsafe-no-fsync");
        clientCa.server("localhost").write(directory, "serving");
        proxyCa.client("CN=front-proxy-client").write(directory, "proxy");
        new TestCa("service-accounts").server("x").write(directory, "sa");
        Files.writeString(directory.resolve("client-ca.crt"), clientCa.pem());
        Files.writeString(directory.resolve("proxy-ca.crt"), proxyCa.pem());
        Files.writeString(
                directory.resolve("tokens.csv"),
                "admin,admin,1,system:masters\nalice,alice,2,\nserver,server,3,\n");
        String d = directory + "/";
        spawn(
                "kube-apiserver",
                "--etcd-servers=http://127.0.0.1:" + etcd,
                "--bind-address=127.0.0.1",
                "--secure-port=" + port,
                "--tls-cert-file=" + d + "serving.crt",
                "--tls-private-key-file=" + d + "serving.key",
                "--client-ca-file=" + d + "client-ca.crt",
                "--token-auth-file=" + d + "tokens.csv",
                "--authorization-mode=RBAC",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + d + "sa.crt",
                "--service-account-signing-key-file=" + d + "sa.key",
                "--service-cluster-ip-range=10.96.0.0/16",
                "--requestheader-client-ca-file=" + d + "proxy-ca.crt",
                "--requestheader-allowed-names=front-proxy-client",
                "--requestheader-username-headers=X-Remote-User",
                "--requestheader-group-headers=X-Remote-Group",
                "--requestheader-extra-headers-prefix=X-Remote-Extra-",
                "--requestheader-uid-headers=X-Remote-Uid",
                "--proxy-client-cert-file=" + d + "proxy.crt",
                "--proxy-client-key-file=" + d + "proxy.key",
                "--disable-admission-plugins=ServiceAccount",
                "--endpoint-reconciler-type=none");
        Instant deadline = Instant.now().plus(Duration.ofSeconds(90));
        while (!kubectl("get", "--raw", "/readyz").succeeded()) {
            if (Instant.now().isAfter(deadline) || !processes.getLast().isAlive()) {
                throw new IllegalStateException("kube-apiserver not ready; see " + directory);
            }
            Thread.sleep(250);
        }
    }

    /// What kubectl printed.
    record Output(int code, String text) {
        boolean succeeded() {
            return code == 0;
        }
    }

    /// Runs kubectl as admin.
    Output kubectl(String... arguments) throws IOException, InterruptedException {
        return kubectlAs("admin", "", arguments);
    }

    /// Runs kubectl as the user of a token, with text on its standard input.
    Output kubectlAs(String token, String input, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(binary("kubectl").toString());
        command.add("--server=https://127.0.0.1:" + port);
        command.add("--certificate-authority=" + directory.resolve("client-ca.crt"));
        command.add("--token=" + token);
        command.add("--cache-dir=" + directory.resolve("kubectl-cache"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("KUBECONFIG", "/dev/null");
        Process process = builder.start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        try (InputStream out = process.getInputStream()) {
            String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            return new Output(process.waitFor(), text);
        }
    }

    String caPem() {
        return clientCa.pem();
    }

    private void spawn(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(binary(name).toString()));
        command.addAll(List.of(arguments));
        processes.add(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve(name + ".log").toFile())
                        .start());
    }

    private Path binary(String name) throws IOException {
        try (Stream<Path> found = Files.find(tools, 2, (path, _) -> path.endsWith(name))) {
            return found.max(Path::compareTo)
                    .orElseThrow(() -> new IOException(name + " is not in " + tools));
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        for (Process process : processes.reversed()) {
            process.destroy();
            if (process.onExit()
                    .completeOnTimeout(process, 10, TimeUnit.SECONDS)
                    .join()
                    .isAlive()) {
                process.destroyForcibly();
            }
        }
    }
}
