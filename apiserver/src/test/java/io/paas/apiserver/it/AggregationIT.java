package io.paas.apiserver.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AggregationIT {

    private static final String POD_VERB =
            "/apis/middleware.paas.io/v1/namespaces/default/pods/demo-0/restart";

    @TempDir static Path directory;
    private static ControlPlane plane;
    private static Vertx vertx;
    private static ApiServer server;
    private static int port;
    private static final TestCa SERVING_CA = new TestCa("serving-ca");

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(ControlPlane.tools().isPresent(), "the tools are not built");
        plane = ControlPlane.start(directory, ControlPlane.tools().orElseThrow());
        SERVING_CA.server("middleware-apiserver.middleware-system.svc").write(directory, "tls");
        vertx = Vertx.vertx();
        KubeApi kube =
                new HttpKubeApi(
                        new ClientBuilder()
                                .setBasePath("https://127.0.0.1:" + plane.port)
                                .setCertificateAuthority(
                                        plane.caPem().getBytes(StandardCharsets.US_ASCII))
                                .setAuthentication(new AccessTokenAuthentication("server"))
                                .build(),
                        Duration.ofSeconds(10));
        allowServer();
        ServerConfig config =
                ServerConfig.from(
                        Map.of(
                                "MIDDLEWARE_APISERVER_HOST", "127.0.0.1",
                                "MIDDLEWARE_APISERVER_PORT", "0",
                                "MIDDLEWARE_APISERVER_TLS_CERTIFICATE", directory + "/tls.crt",
                                "MIDDLEWARE_APISERVER_TLS_KEY", directory + "/tls.key",
                                "MIDDLEWARE_APISERVER_DRAIN_DELAY_SECONDS", "0"));
        server =
                new ApiServer(
                        config,
                        kube,
                        Subresources.all(kube, new AgentClient((_, _, _, _) -> "none")),
                        new CollectorRegistry(),
                        vertx);
        port = server.start();
        register();
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.stop();
            vertx.close();
        }
        if (plane != null) {
            plane.close();
        }
    }

    private static void allowServer() throws Exception {
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

    private static void register() throws Exception {
        run("create", "namespace", "middleware-system");
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
                                                SERVING_CA.pem().getBytes(StandardCharsets.UTF_8)),
                                port));
        run(
                "wait",
                "apiservice/v1.middleware.paas.io",
                "--for=condition=Available",
                "--timeout=60s");
    }

    @Test
    void kubectlResolvesVerbsByTheParent() throws Exception {
        // when
        ControlPlane.Output may =
                plane.kubectl(
                        "auth",
                        "can-i",
                        "create",
                        "pods.middleware.paas.io",
                        "--subresource=restart");

        // then
        assertThat(may.text().strip()).isEqualTo("yes");
        assertThat(may.text()).doesNotContain("Warning");
    }

    @Test
    void roleOnASubresourceIsTheWholeRight() throws Exception {
        // given
        ControlPlane.Output before =
                plane.kubectlAs("alice", "", "create", "--raw", POD_VERB, "-f", "-");
        run(
                "create",
                "role",
                "restarter",
                "--verb=create",
                "--resource=pods.middleware.paas.io/restart");
        run("create", "rolebinding", "restarter", "--role=restarter", "--user=alice");

        // when
        ControlPlane.Output after =
                eventually(
                        () -> plane.kubectlAs("alice", "", "create", "--raw", POD_VERB, "-f", "-"),
                        output -> !output.text().contains("forbidden"));

        // then
        assertThat(before.text())
                .contains("User \"alice\" cannot create resource \"pods/restart\"");
        assertThat(after.text()).contains("pods \"demo-0\" not found");
    }

    @Test
    void discoveryIsCurrentAndTheCrdKeepsTheShortName() throws Exception {
        // when
        ControlPlane.Output discovery =
                eventually(
                        () -> plane.kubectl("get", "--raw", "/apis/middleware.paas.io/v1"),
                        ControlPlane.Output::succeeded);

        // then
        assertThat(discovery.text()).contains("pods/restart").doesNotContain("null");
        assertThat(plane.kubectl("get", "pods", "-n", "default").text())
                .contains("No resources found");
        assertThat(plane.kubectl("api-resources").succeeded()).isTrue();
    }

    @Test
    void openApiIsServedThroughTheAggregator() throws Exception {
        // when
        ControlPlane.Output document =
                eventually(
                        () ->
                                plane.kubectl(
                                        "get", "--raw", "/openapi/v3/apis/middleware.paas.io/v1"),
                        ControlPlane.Output::succeeded);

        // then
        assertThat(document.text()).contains("io.paas.middleware.v1.ProcessOptions");
    }

    @Test
    void namespacesGoAwayWhileTheServerServes() throws Exception {
        // given
        run("create", "namespace", "gone");

        // when
        ControlPlane.Output groups = plane.kubectl("get", "--raw", "/apis/middleware.paas.io");

        // then
        assertThat(groups.succeeded()).isTrue();
        assertThat(groups.text()).contains("\"kind\":\"APIGroup\"");
    }

    @Test
    void believesTheFrontProxyOnly() throws Exception {
        assertThat(identityHeaders(null)).as("no certificate").isEqualTo(403);
        assertThat(identityHeaders(plane.proxyCa.client("CN=front-proxy-client")))
                .as("front proxy")
                .isEqualTo(404);
        assertThat(identityHeaders(plane.proxyCa.client("CN=somebody")))
                .as("wrong CN")
                .isEqualTo(403);
        assertThat(identityHeaders(new TestCa("front-proxy-ca").client("CN=front-proxy-client")))
                .as("CA of the same name")
                .isEqualTo(403);
        assertThat(identityHeaders(plane.clientCa.client("CN=front-proxy-client")))
                .as("client CA")
                .isEqualTo(403);
        assertThat(identityHeaders(plane.proxyCa.server("front-proxy-client")))
                .as("not for clients")
                .isEqualTo(403);
        assertThat(identityHeaders(plane.proxyCa.expiredClient("CN=front-proxy-client")))
                .as("expired")
                .isEqualTo(403);
    }

    @Test
    void knowsBearerTokensAndClientCertificates() throws Exception {
        assertThat(direct(null, Map.of("Authorization", "Bearer admin"))).isEqualTo(404);
        assertThat(direct(null, Map.of("Authorization", "Bearer nobody"))).isEqualTo(401);
        assertThat(direct(plane.clientCa.client("CN=root,O=system:masters"), Map.of()))
                .isEqualTo(404);
        assertThat(direct(plane.clientCa.client("CN=jane"), Map.of())).isEqualTo(403);
        assertThat(
                        direct(
                                null,
                                Map.of(
                                        "Authorization",
                                        "Bearer admin",
                                        "Impersonate-User",
                                        "root")))
                .isEqualTo(403);
    }

    @Test
    void takesOverANewServingCertificateWithoutRestart() throws Exception {
        // given
        String before = servedSerial();
        SERVING_CA.server("middleware-apiserver.middleware-system.svc").write(directory, "tls");

        // when
        String after = eventually(AggregationIT::servedSerial, serial -> !serial.equals(before));

        // then
        assertThat(after).isNotEqualTo(before);
        assertThat(plane.kubectl("get", "--raw", "/apis/middleware.paas.io/v1").succeeded())
                .isTrue();
    }

    private static String servedSerial() throws Exception {
        HttpResponse<String> response = send(null, Map.of(), "/livez", "GET");
        Certificate served = response.sslSession().orElseThrow().getPeerCertificates()[0];
        return ((java.security.cert.X509Certificate) served).getSerialNumber().toString();
    }

    private static int identityHeaders(Identity identity) throws Exception {
        return direct(
                identity, Map.of("X-Remote-User", "root", "X-Remote-Group", "system:masters"));
    }

    private static int direct(Identity identity, Map<String, String> headers) throws Exception {
        return send(identity, headers, POD_VERB, "POST").statusCode();
    }

    private static HttpResponse<String> send(
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

    private static SSLContext tls(Identity identity) throws GeneralSecurityException, IOException {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("ca", SERVING_CA.certificate());
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

    private interface Attempt<T> {
        T run() throws Exception;
    }

    /// Kubernetes' caches take seconds; asked until the answer fits, for 90 s at most.
    private static <T> T eventually(Attempt<T> attempt, java.util.function.Predicate<T> fits)
            throws Exception {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(90));
        T last = attempt.run();
        while (!fits.test(last) && Instant.now().isBefore(deadline)) {
            Thread.sleep(500);
            last = attempt.run();
        }
        return last;
    }

    private static void run(String... arguments) throws Exception {
        ControlPlane.Output output = plane.kubectl(arguments);
        assertThat(output.succeeded()).as(List.of(arguments) + ": " + output.text()).isTrue();
    }

    private static void apply(String yaml) throws Exception {
        Path file = Files.writeString(directory.resolve("apply.yaml"), yaml);
        run("apply", "-f", file.toString());
    }
}
