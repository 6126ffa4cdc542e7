package io.paas.apiserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.credentials.AccessTokenAuthentication;
import io.paas.agent.AgentClient;
import io.paas.apiserver.ApiServer;
import io.paas.apiserver.ServerConfig;
import io.paas.apiserver.client.HttpKubeApi;
import io.paas.apiserver.client.KubeApi;
import io.paas.apiserver.it.TestCa.Identity;
import io.paas.apiserver.registry.Subresources;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// This server, registered with a real kube-apiserver, with the rights that the bundle gives it.
final class ServerBehindKube implements AutoCloseable {

    private static final String SERVICE = "middleware-apiserver.middleware-system.svc";

    private final Path directory;
    private final ControlPlane plane;
    private final TestCa servingCa = new TestCa("serving-ca");
    private final Vertx vertx = Vertx.vertx();
    private final ApiServer server;
    private final int port;

    private ServerBehindKube(Path directory, ControlPlane plane) throws Exception {
        this.directory = directory;
        this.plane = plane;
        renewServingCertificate();
        allowServer();
        KubeApi kube =
                new HttpKubeApi(
                        new ClientBuilder()
                                .setBasePath("https://127.0.0.1:" + plane.port)
                                .setCertificateAuthority(
                                        plane.caPem().getBytes(StandardCharsets.US_ASCII))
                                .setAuthentication(new AccessTokenAuthentication("server"))
                                .build(),
                        Duration.ofSeconds(10));
        ServerConfig config =
                ServerConfig.from(
                        Map.of(
                                "MIDDLEWARE_APISERVER_HOST", "127.0.0.1",
                                "MIDDLEWARE_APISERVER_PORT", "0",
                                "MIDDLEWARE_APISERVER_TLS_CERTIFICATE", directory + "/tls.crt",
                                "MIDDLEWARE_APISERVER_TLS_KEY", directory + "/tls.key",
                                "MIDDLEWARE_APISERVER_DRAIN_DELAY_SECONDS", "0"));
        AgentClient agents = new AgentClient((_, _, _, _) -> "none");
        server =
                new ApiServer(
                        config,
                        kube,
                        Subresources.all(kube, agents),
                        new CollectorRegistry(),
                        vertx);
        port = server.start();
    }

    static ServerBehindKube start(Path directory) throws Exception {
        ControlPlane plane = ControlPlane.start(directory, ControlPlane.tools().orElseThrow());
        try {
            ServerBehindKube world = new ServerBehindKube(directory, plane);
            world.register();
            return world;
        } catch (Exception | AssertionError e) {
            plane.close();
            throw e;
        }
    }

    ControlPlane plane() {
        return plane;
    }

    void renewServingCertificate() throws IOException {
        servingCa.server(SERVICE).write(directory, "tls");
    }

    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            vertx.close();
            plane.close();
        }
    }

    private void allowServer() throws Exception {
        run("create", "namespace", "middleware-system");
        run("apply", "-f", manifests().resolve("rbac/apiserver.yaml").toString());
        run(
                "create",
                "clusterrolebinding",
                "server",
                "--clusterrole=middleware-apiserver",
                "--user=server");
        run(
                "create",
                "clusterrolebinding",
                "delegator",
                "--clusterrole=system:auth-delegator",
                "--user=server");
        run(
                "create",
                "rolebinding",
                "reader",
                "--role=extension-apiserver-authentication-reader",
                "--user=server",
                "-n",
                "kube-system");
    }

    private void register() throws Exception {
        apply(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: middleware-apiserver, namespace: middleware-system}
                spec: {type: ExternalName, externalName: localhost}
                ---
                apiVersion: apiregistration.k8s.io/v1
                kind: APIService
                metadata: {name: v1.middleware.paas.io}
                spec:
                  group: middleware.paas.io
                  version: v1
                  groupPriorityMinimum: 100
                  versionPriority: 100
                  caBundle: %s
                  service: {name: middleware-apiserver, namespace: middleware-system, port: %d}
                """
                        .formatted(
                                Base64.getEncoder()
                                        .encodeToString(
                                                servingCa.pem().getBytes(StandardCharsets.UTF_8)),
                                port));
        run(
                "wait",
                "apiservice/v1.middleware.paas.io",
                "--for=condition=Available",
                "--timeout=90s");
    }

    /// The folder apiservice-manifests of this repository.
    static Path manifests() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(at.resolve("apiservice-manifests"))) {
            at = at.getParent();
        }
        return at.resolve("apiservice-manifests");
    }

    String run(String... arguments) throws Exception {
        ControlPlane.Output output = plane.kubectl(arguments);
        assertThat(output.succeeded()).as(List.of(arguments) + ": " + output.text()).isTrue();
        return output.text();
    }

    void apply(String yaml) throws Exception {
        Path file = Files.writeString(directory.resolve("apply.yaml"), yaml);
        run("apply", "-f", file.toString());
    }

    /// Sends a request to the server itself, past kube-apiserver.
    HttpResponse<String> send(
            Identity identity, Map<String, String> headers, String path, String method)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
                        .method(method, HttpRequest.BodyPublishers.noBody());
        headers.forEach(request::header);
        try (HttpClient client = HttpClient.newBuilder().sslContext(tls(identity)).build()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private SSLContext tls(Identity identity) throws GeneralSecurityException, IOException {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("ca", servingCa.certificate());
        TrustManagerFactory trusts = TrustManagerFactory.getInstance("PKIX");
        trusts.init(trust);
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        if (identity != null) {
            own.setKeyEntry(
                    "me",
                    identity.keys().getPrivate(),
                    new char[0],
                    new Certificate[] {identity.certificate()});
        }
        keys.init(own, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusts.getTrustManagers(), null);
        return context;
    }

    interface Attempt<T> {
        T run() throws Exception;
    }

    /// Kubernetes' caches take seconds; asked until the answer fits, for 60 s at most.
    static <T> T eventually(Attempt<T> attempt, Predicate<T> fits) throws Exception {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(60));
        T last = attempt.run();
        while (!fits.test(last) && Instant.now().isBefore(deadline)) {
            Thread.sleep(500);
            last = attempt.run();
        }
        return last;
    }
}
