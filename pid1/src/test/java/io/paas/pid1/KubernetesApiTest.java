package io.paas.pid1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The agent's few Kubernetes calls, against a TLS server that notes what it is asked.
@Timeout(60)
class KubernetesApiTest {
    @TempDir private Path directory;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile int code = 200;
    private volatile String answer = "{}";
    private HttpsServer server;

    @BeforeEach
    void serve() throws Exception {
        Path store = directory.resolve("store.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "s",
                "-keyalg",
                "EC",
                "-dname",
                "CN=kubernetes",
                "-ext",
                "SAN=IP:127.0.0.1",
                "-validity",
                "1",
                "-keystore",
                store.toString());
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "s",
                "-keystore",
                store.toString(),
                "-file",
                directory.resolve("ca.crt").toString());
        Files.writeString(directory.resolve("token"), "first\n");
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(store)));
        server.createContext(
                "/",
                exchange -> {
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    requests.add(
                            exchange.getRequestMethod()
                                    + " "
                                    + exchange.getRequestURI()
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("Authorization")
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("Content-Type")
                                    + " "
                                    + body);
                    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(code, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void end() {
        server.stop(0);
    }

    @Test
    void patchesOnlyTheOneLabelOfItsOwnPod() throws Exception {
        api().patchLabel("middleware.paas.io/role", "primary");

        assertThat(requests)
                .containsExactly(
                        "PATCH /api/v1/namespaces/ns/pods/demo-0 Bearer first"
                                + " application/merge-patch+json"
                                + " {\"metadata\":{\"labels\":"
                                + "{\"middleware.paas.io/role\":\"primary\"}}}");
    }

    @Test
    void readsLabelsAndKeysWithTheNewestToken() throws Exception {
        KubernetesApi api = api();
        answer = "{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"data\":{\"k\":\"v\"}}";

        assertThat(api.label("a")).isEqualTo("b");
        Files.writeString(directory.resolve("token"), "second");
        assertThat(api.label("none")).isNull();
        assertThat(api.configMapData("sys", "keys").get("k").getAsString()).isEqualTo("v");
        assertThat(requests.getFirst()).contains("Bearer first");
        assertThat(requests.getLast()).contains("configmaps/keys", "Bearer second");
    }

    @Test
    void saysWhatWasRefused() {
        code = 403;

        assertThatThrownBy(() -> api().label("a"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/pods/demo-0: HTTP 403");
    }

    private KubernetesApi api() {
        URI url = URI.create("https://127.0.0.1:" + server.getAddress().getPort());
        return new KubernetesApi(url, directory, "ns", "demo-0");
    }

    private static SSLContext context(Path store) throws Exception {
        char[] password = "changeit".toCharArray();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, password);
        }
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> line =
                new java.util.ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin/keytool")
                                        .toString()));
        line.addAll(List.of(arguments));
        line.addAll(List.of("-storepass", "changeit"));
        assertThat(new ProcessBuilder(line).start().waitFor()).isZero();
    }
}
