package io.paas.test.conformance.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubernetes.client.util.ClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/// The Kubernetes API as plain JSON. It shares nothing with the clients of what is tested.
final class KubeApi {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final OkHttpClient http;
    private final String url;

    KubeApi(String url, String token, byte[] ca) {
        this.url = url;
        this.http =
                new ClientBuilder()
                        .setBasePath(url)
                        .setCertificateAuthority(ca)
                        .build()
                        .getHttpClient()
                        .newBuilder()
                        .addInterceptor(
                                chain ->
                                        chain.proceed(
                                                chain.request()
                                                        .newBuilder()
                                                        .header("Authorization", "Bearer " + token)
                                                        .build()))
                        .callTimeout(Duration.ofSeconds(30))
                        .readTimeout(Duration.ofSeconds(30))
                        .build();
    }

    /// The API server said no; a fault of the case, never its outcome.
    static final class Refused extends RuntimeException {

        private final int code;

        private Refused(int code, String message) {
            super(message);
            this.code = code;
        }

        /// Whether the server may say otherwise to the same question.
        boolean isPassing() {
            return code == 429 || code >= 500;
        }
    }

    /// Missing when the object is not there.
    JsonNode get(String path) {
        return call("GET", path, null, null);
    }

    JsonNode create(String path, JsonNode body) {
        return present(call("POST", path, "application/json", body));
    }

    JsonNode put(String path, JsonNode body) {
        return present(call("PUT", path, "application/json", body));
    }

    /// RFC 7386: the only patch that built-in and custom resources share.
    JsonNode merge(String path, JsonNode body) {
        return present(call("PATCH", path, "application/merge-patch+json", body));
    }

    JsonNode merge(String path, String body) {
        return merge(path, parse(body));
    }

    /// Merges lists by their keys; built-in resources only.
    JsonNode strategicMerge(String path, JsonNode body) {
        return present(call("PATCH", path, "application/strategic-merge-patch+json", body));
    }

    /// No error when it is not there.
    void delete(String path) {
        call("DELETE", path, null, null);
    }

    /// No error when it is not there.
    ///
    /// @param options DeleteOptions
    void delete(String path, JsonNode options) {
        call("DELETE", path, "application/json", options);
    }

    /// The open stream of a watch, one event a line; the caller closes it.
    Response watch(String path) throws IOException {
        OkHttpClient endless =
                http.newBuilder().callTimeout(Duration.ZERO).readTimeout(Duration.ZERO).build();
        return endless.newCall(new Request.Builder().url(url + path).build()).execute();
    }

    static ObjectNode parse(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static JsonNode present(JsonNode answer) {
        if (answer.isMissingNode()) {
            throw new Refused(404, "not found");
        }
        return answer;
    }

    private JsonNode call(
            String method, String path, @Nullable String contentType, @Nullable JsonNode body) {
        RequestBody content =
                body == null || contentType == null
                        ? null
                        : RequestBody.create(body.toString(), MediaType.get(contentType));
        Request request = new Request.Builder().url(url + path).method(method, content).build();
        try (Response response = http.newCall(request).execute()) {
            String text = response.body().string();
            if (response.code() == 404) {
                return MissingNode.getInstance();
            }
            if (!response.isSuccessful()) {
                throw new Refused(response.code(), method + " " + path + ": " + text);
            }
            return parse(text);
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        }
    }
}
