package io.paas.pid1;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.paas.wire.Json;
import io.paas.wire.JsonException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// The few calls of the agent to the Kubernetes API, with the Pod's projected token. The token is
/// read for every call, because the kubelet replaces it; the client is made at the first call.
final class KubernetesApi implements OwnPod {
    private static final String PATCH_TYPE = "application/merge-patch+json";
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final URI server;
    private final Path credentials;
    private final String namespace;
    private final String podName;
    private @Nullable HttpClient client;

    /// Calls `server`, as the account whose `token` and `ca.crt` lie in `credentials`.
    KubernetesApi(URI server, Path credentials, String namespace, String podName) {
        this.server = server;
        this.credentials = credentials;
        this.namespace = namespace;
        this.podName = podName;
    }

    /// The `data` of a ConfigMap.
    JsonObject configMapData(String inNamespace, String name)
            throws IOException, InterruptedException {
        JsonObject map =
                call("GET", "/api/v1/namespaces/" + inNamespace + "/configmaps/" + name, null);
        JsonElement data = map.get("data");
        return data == null || !data.isJsonObject() ? new JsonObject() : data.getAsJsonObject();
    }

    @Override
    public @Nullable String label(String key) throws IOException, InterruptedException {
        JsonElement metadata = call("GET", podPath(), null).get("metadata");
        JsonElement labels = metadata == null ? null : metadata.getAsJsonObject().get("labels");
        JsonElement value = labels == null ? null : labels.getAsJsonObject().get(key);
        return value == null ? null : value.getAsString();
    }

    @Override
    public void patchLabel(String key, String value) throws IOException, InterruptedException {
        JsonObject labels = new JsonObject();
        labels.addProperty(key, value);
        JsonObject metadata = new JsonObject();
        metadata.add("labels", labels);
        JsonObject patch = new JsonObject();
        patch.add("metadata", metadata);
        call("PATCH", podPath(), Json.write(patch));
    }

    private String podPath() {
        return "/api/v1/namespaces/" + namespace + "/pods/" + podName;
    }

    private JsonObject call(String method, String path, @Nullable String body)
            throws IOException, InterruptedException {
        HttpRequest.BodyPublisher publisher =
                body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest request =
                HttpRequest.newBuilder(server.resolve(path))
                        .timeout(TIMEOUT)
                        .header("Authorization", "Bearer " + token())
                        .header("Content-Type", body == null ? "application/json" : PATCH_TYPE)
                        .header("Accept", "application/json")
                        .method(method, publisher)
                        .build();
        HttpResponse<String> response =
                client().send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException(method + " " + path + ": HTTP " + response.statusCode());
        }
        try {
            return Json.read(response.body(), JsonObject.class);
        } catch (JsonException e) {
            throw new IOException(method + " " + path + ": " + e.getMessage(), e);
        }
    }

    private String token() throws IOException {
        return Files.readString(credentials.resolve("token")).strip();
    }

    private synchronized HttpClient client() throws IOException {
        HttpClient made = client;
        if (made == null) {
            made =
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .connectTimeout(TIMEOUT)
                            .sslContext(trusting(credentials.resolve("ca.crt")))
                            .build();
            client = made;
        }
        return made;
    }

    private static SSLContext trusting(Path authorities) throws IOException {
        try (InputStream in = Files.newInputStream(authorities)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (Certificate authority :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("authority-" + number++, authority);
            }
            TrustManagerFactory managers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot trust " + authorities + ": " + e, e);
        }
    }
}
