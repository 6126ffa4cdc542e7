package io.paas.apiserver.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.kubernetes.client.openapi.ApiClient;
import io.paas.apiserver.request.Trees;
import java.io.IOException;
import java.time.Duration;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/// [KubeApi] over the connection of a configured client-java client: its address, trust and
/// credentials. Bodies stay JSON trees, so fields that a newer cluster sends cannot break a read.
public final class HttpKubeApi implements KubeApi {

    private final OkHttpClient http;
    private final String base;

    public HttpKubeApi(ApiClient client, Duration callTimeout) {
        this.http = client.getHttpClient().newBuilder().callTimeout(callTimeout).build();
        this.base = client.getBasePath().replaceAll("/+$", "");
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

    private JsonNode call(
            String method, String path, @Nullable String contentType, @Nullable JsonNode body) {
        RequestBody sent =
                body == null || contentType == null
                        ? null
                        : RequestBody.create(Trees.bytes(body), MediaType.get(contentType));
        Request request =
                new Request.Builder()
                        .url(base + path)
                        .header("Accept", "application/json")
                        .header("User-Agent", "middleware-apiserver")
                        .method(method, sent)
                        .build();
        try (Response response = http.newCall(request).execute()) {
            byte[] bytes = response.body().bytes();
            if (!response.isSuccessful()) {
                throw refused(method, path, response.code(), bytes);
            }
            return Trees.parse(bytes);
        } catch (IOException e) {
            throw new KubeFailure(
                    KubeFailure.UNREACHABLE,
                    "",
                    "kube-apiserver did not answer " + method + " " + path + ": " + e.getMessage());
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
