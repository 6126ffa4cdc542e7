package io.paas.test.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A real etcd and kube-apiserver, without kubelet, scheduler and controllers unless [#run] adds
/// them.
///
/// [#close()] kills all and deletes their data. Get one by [KubeApiServerExtension].
public final class KubeApiServer implements AutoCloseable {

    private static final String ADMIN_TOKEN = "admin-token";
    private static final String USER_TOKEN = "user-token";
    private static final Duration START = Duration.ofSeconds(90);

    private final Path folder;
    private final Map<String, Process> processes = new LinkedHashMap<>();
    private final Map<String, List<String>> commands = new LinkedHashMap<>();
    private final int port;

    private KubeApiServer(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /// Starts both and waits until kube-apiserver is ready.
    ///
    /// @param flags further flags of kube-apiserver
    public static KubeApiServer start(String... flags) {
        try {
            KubeApiServer server =
                    new KubeApiServer(Files.createTempDirectory("kube-apiserver-it"), freePort());
            // A killed test run must leave no servers behind.
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            try {
                server.startBoth(flags);
                return server;
            } catch (RuntimeException | IOException e) {
                server.close();
                throw e;
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot start kube-apiserver", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while kube-apiserver started", e);
        }
    }

    public String url() {
        return "https://127.0.0.1:" + port;
    }

    /// The certificates to trust, PEM.
    public byte[] ca() {
        try {
            return Files.readAllBytes(folder.resolve("certificates/apiserver.crt"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Trusts this server.
    public SSLContext tls() {
        try {
            return trusting();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot trust kube-apiserver", e);
        }
    }

    /// Bearer token of a member of system:masters.
    public String adminToken() {
        return ADMIN_TOKEN;
    }

    /// Bearer token of user `alice`, who has no rights but those a test gives her.
    public String userToken() {
        return USER_TOKEN;
    }

    /// A kubeconfig file of the administrator.
    public Path kubeconfig() {
        return folder.resolve("kubeconfig");
    }

    /// Runs kubectl as the administrator.
    ///
    /// @return its output, both streams
    /// @throws IllegalStateException with the output when it fails
    public String kubectl(String... arguments) {
        List<String> command = new ArrayList<>(List.of(Binaries.find("kubectl").toString()));
        command.addAll(List.of("--kubeconfig", kubeconfig().toString()));
        command.addAll(List.of(arguments));
        try {
            Process kubectl = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output =
                    new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (kubectl.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", arguments) + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        // etcd last: without it the others would only log.
        List.copyOf(processes.values()).reversed().forEach(KubeApiServer::kill);
        try (Stream<Path> files = Files.exists(folder) ? Files.walk(folder) : Stream.empty()) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void startBoth(String... flags)
            throws IOException, GeneralSecurityException, InterruptedException {
        int etcd = freePort();
        int peer = freePort();
        String etcdUrl = "http://127.0.0.1:" + etcd;
        String peerUrl = "http://127.0.0.1:" + peer;
        launch(
                "etcd",
                "--data-dir=" + folder.resolve("etcd"),
                "--listen-client-urls=" + etcdUrl,
                "--advertise-client-urls=" + etcdUrl,
                "--listen-peer-urls=" + peerUrl,
                "--initial-advertise-peer-urls=" + peerUrl,
                "--initial-cluster=default=" + peerUrl,
                "--unsafe-no-fsync");
        Files.writeString(
                folder.resolve("tokens.csv"),
                ADMIN_TOKEN + ",admin,admin,\"system:masters\"\n" + USER_TOKEN + ",alice,alice\n");
        Path key = writeServiceAccountKey();
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--etcd-servers=" + etcdUrl,
                                "--secure-port=" + port,
                                "--bind-address=127.0.0.1",
                                "--cert-dir=" + folder.resolve("certificates"),
                                "--token-auth-file=" + folder.resolve("tokens.csv"),
                                "--authorization-mode=RBAC",
                                "--service-account-issuer=https://kubernetes.default.svc",
                                "--service-account-key-file=" + key,
                                "--service-account-signing-key-file=" + key,
                                "--service-cluster-ip-range=10.0.0.0/24",
                                "--allow-privileged=true",
                                // Nobody makes the default ServiceAccounts here.
                                "--disable-admission-plugins=ServiceAccount"));
        arguments.addAll(List.of(flags));
        launch("kube-apiserver", arguments.toArray(String[]::new));
        awaitReady();
        Files.writeString(kubeconfig(), kubeconfigText());
    }

    /// Starts another component beside it by its binary's name; it ends with the server.
    public void run(String name, String... arguments) {
        try {
            launch(name, arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The executable that [#run] would start.
    public Path binary(String name) {
        return Binaries.find(name);
    }

    /// The component's process id, for what the kernel counts about it.
    public long pid(String name) {
        return present(name).pid();
    }

    /// Kills one component; [#startAgain] brings it back.
    public void kill(String name) {
        kill(present(name));
    }

    /// Starts a killed component as it was, over the same data; kube-apiserver is awaited.
    public void startAgain(String name) {
        present(name);
        try {
            start(name);
            if (name.equals("kube-apiserver")) {
                awaitReady();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Process present(String name) {
        Process process = processes.get(name);
        if (process == null) {
            throw new IllegalArgumentException(name + " was not started; " + processes.keySet());
        }
        return process;
    }

    private void launch(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Binaries.find(name).toString()));
        command.addAll(List.of(arguments));
        commands.put(name, command);
        start(name);
    }

    private void start(String name) throws IOException {
        processes.put(
                name,
                new ProcessBuilder(commands.get(name))
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()))
                        .start());
    }

    private void awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (!isReady()) {
            boolean died = processes.values().stream().anyMatch(process -> !process.isAlive());
            if (died || System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(
                        (died ? "a server ended: " : "not ready in time: ") + logTails());
            }
            Thread.sleep(100);
        }
    }

    private boolean isReady() throws InterruptedException {
        if (!Files.exists(folder.resolve("certificates/apiserver.crt"))) {
            return false;
        }
        try (HttpClient client = HttpClient.newBuilder().sslContext(trusting()).build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(url() + "/readyz"))
                            .header("Authorization", "Bearer " + ADMIN_TOKEN)
                            .timeout(Duration.ofSeconds(5))
                            .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException | GeneralSecurityException _) {
            return false;
        }
    }

    private SSLContext trusting() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int index = 0;
        for (Certificate certificate :
                CertificateFactory.getInstance("X.509")
                        .generateCertificates(new java.io.ByteArrayInputStream(ca()))) {
            store.setCertificateEntry("ca" + index++, certificate);
        }
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private Path writeServiceAccountKey() throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
        String pem =
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
                        + "\n-----END PRIVATE KEY-----\n";
        return Files.writeString(folder.resolve("service-account.key"), pem);
    }

    private String kubeconfigText() {
        return """
        apiVersion: v1
        kind: Config
        clusters:
        - name: it
          cluster: {server: %s, certificate-authority: %s}
        users:
        - name: admin
          user: {token: %s}
        contexts:
        - name: it
          context: {cluster: it, user: admin}
        current-context: it
        """
                .formatted(url(), folder.resolve("certificates/apiserver.crt"), ADMIN_TOKEN);
    }

    private Path log(String name) {
        return folder.resolve(name + ".log");
    }

    /// The last lines of every component's log.
    public String logTails() {
        StringBuilder tails = new StringBuilder();
        for (String name : processes.keySet()) {
            try {
                List<String> lines = Files.readAllLines(log(name));
                List<String> tail = lines.subList(Math.max(0, lines.size() - 15), lines.size());
                tails.append(name).append(":\n").append(String.join("\n", tail)).append('\n');
            } catch (IOException e) {
                tails.append(name).append(": no log\n");
            }
        }
        return tails.toString();
    }

    private static void kill(Process process) {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
