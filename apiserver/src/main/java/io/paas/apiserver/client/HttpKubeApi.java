package io.paas.apiserver.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.paas.apiserver.request.Trees;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import okhttp3.Call;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/// [KubeApi] over the connection of a configured client-java client: its address, trust and
/// credentials. Bodies stay JSON trees, so fields that a newer cluster sends cannot break a read.
public final class HttpKubeApi implements KubeApi {

    private static final int ATTEMPTS = 4;

    /// What kube-apiserver asks for in Retry-After.
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final String[] AUTHENTICATIONS = {"BearerToken"};

    private final ApiClient client;

    public HttpKubeApi(ApiClient client, Duration callTimeout) {
        this.client =
                client.setHttpClient(
                        client.getHttpClient().newBuilder().callTimeout(callTimeout).build());
    }

    @Override
    public JsonNode get(String path) {
        return call("GET", path, null, null);
    }

    @Override
    public JsonNode create(String path, JsonNode object) {
        return call("POST", path, "application/json", object);
    }

    @Override
    public JsonNode jsonPatch(String path, JsonNode operations) {
        return call("PATCH", path, "application/json-patch+json", operations);
    }

    @Override
    public JsonNode mergePatch(String path, JsonNode patch) {
        return call("PATCH", path, "application/merge-patch+json", patch);
    }

    /// Repeats what kube-apiserver put off (429): it has done nothing then. It does so while it is
    /// busy, and for a moment after a CRD was installed.
    private JsonNode call(
            String method, String path, @Nullable String contentType, @Nullable JsonNode body) {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(method, path, contentType, body);
            } catch (KubeFailure e) {
                if (e.code() != 429 || attempt == ATTEMPTS) {
                    throw e;
                }
                pause(e);
            }
        }
    }

    private static void pause(KubeFailure postponed) {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw postponed;
        }
    }

    private JsonNode once(
            String method, String path, @Nullable String contentType, @Nullable JsonNode body) {
        try (Response response = build(method, path, contentType, body).execute()) {
            byte[] bytes = response.body().bytes();
            if (!response.isSuccessful()) {
                throw refused(method, path, response.code(), bytes);
            }
            return Trees.parse(bytes);
        } catch (IOException e) {
            throw new KubeFailure(
                    method.equals("GET") || wasNotSent(e)
                            ? KubeFailure.UNREACHABLE
                            : KubeFailure.TIMEOUT,
                    "",
                    "kube-apiserver did not answer " + method + " " + path + ": " + e.getMessage());
        }
    }

    private static boolean wasNotSent(IOException e) {
        return e instanceof ConnectException
                || e instanceof NoRouteToHostException
                || e instanceof UnknownHostException
                || e instanceof SSLHandshakeException;
    }

    private Call build(
            String method, String path, @Nullable String contentType, @Nullable JsonNode body) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Accept", "application/json");
        headers.put("User-Agent", "middleware-apiserver");
        if (contentType != null) {
            headers.put("Content-Type", contentType);
        }
        try {
            return client.buildCall(
                    client.getBasePath(),
                    path,
                    method,
                    List.of(),
                    List.of(),
                    body == null ? null : Trees.bytes(body),
                    headers,
                    Map.of(),
                    Map.of(),
                    AUTHENTICATIONS,
                    null);
        } catch (ApiException e) {
            throw new KubeFailure(
                    KubeFailure.UNREACHABLE, "", "cannot call kube-apiserver: " + e.getMessage());
        }
    }

    private static KubeFailure refused(String method, String path, int code, byte[] body) {
        try {
            JsonNode status = Trees.parse(body);
            if (status.path("kind").asText().equals("Status")) {
                return new KubeFailure(
                        code, status.path("reason").asText(), status.path("message").asText());
            }
        } catch (IOException e) {
            // Not JSON: proxies in between answer text. The code says enough.
        }
        return new KubeFailure(code, "", "HTTP " + code + " to " + method + " " + path);
    }
}
