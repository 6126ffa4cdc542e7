package io.paas.test.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.paas.test.support.KubeApiServer;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/// kube-apiserver by plain HTTP, straight and as its administrator.
final class Api {

    static final String SETS = "/apis/paas.io/v1/namespaces/%s/expodsets";
    static final String PODS = "/api/v1/namespaces/%s/pods";
    static final String CLAIMS = "/api/v1/namespaces/%s/persistentvolumeclaims";
    static final String REVISIONS = "/apis/apps/v1/namespaces/%s/controllerrevisions";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;
    private final KubeApiServer server;

    /// An answer; the body is a Status object when it went wrong.
    record Reply(int code, JsonNode body) {

        JsonNode orFail() {
            if (code >= 300) {
                throw new IllegalStateException(code + ": " + body.path("message").asText());
            }
            return body;
        }
    }

    Api(KubeApiServer server) {
        this.server = server;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(server.tls())
                        .build();
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    Reply get(String path) {
        return call("GET", path, "", "");
    }

    List<JsonNode> items(String path) {
        return get(path).orFail().path("items").valueStream().toList();
    }

    Reply create(String path, String body) {
        return call("POST", path, body, "application/json");
    }

    Reply merge(String path, String body) {
        return call("PATCH", path, body, "application/merge-patch+json");
    }

    Reply delete(String path, String options) {
        return call("DELETE", path, options, "application/json");
    }

    /// Reads a watch on a thread of its own, from the present state on: that comes first, as ADDED.
    ///
    /// @param ended told when the watch ends, whoever ended it
    /// @return closes the watch
    Closeable watch(String path, Consumer<JsonNode> event, Runnable ended) {
        try {
            JsonNode list = get(path).orFail();
            String version = list.at("/metadata/resourceVersion").asText();
            HttpResponse<java.io.InputStream> answer =
                    http.send(
                            request(path + "?watch=true&resourceVersion=" + version).build(),
                            BodyHandlers.ofInputStream());
            list.path("items")
                    .forEach(
                            item ->
                                    event.accept(
                                            JSON.createObjectNode()
                                                    .put("type", "ADDED")
                                                    .set("object", item)));
            Thread.ofVirtual().start(() -> read(answer, event, ended));
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void read(
            HttpResponse<java.io.InputStream> answer, Consumer<JsonNode> event, Runnable ended) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            for (String line; (line = lines.readLine()) != null; ) {
                event.accept(json(line));
            }
        } catch (IOException _) {
            // Closed, by us or by the server: told below.
        } finally {
            ended.run();
        }
    }

    private Reply call(String method, String path, String body, String type) {
        HttpRequest.Builder request =
                request(path)
                        .method(
                                method,
                                body.isEmpty()
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", type);
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            String text = answer.body();
            return new Reply(
                    answer.statusCode(),
                    text.startsWith("{") ? json(text) : MissingNode.getInstance());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("Authorization", "Bearer " + server.adminToken());
    }
}
