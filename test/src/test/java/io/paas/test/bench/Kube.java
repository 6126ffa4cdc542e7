package io.paas.test.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.paas.test.support.KubeApiServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The user's side of the API, as JSON; shares nothing with the contestants' clients. Its own
/// writes are not in the [AuditTrail].
final class Kube implements AutoCloseable {

    static final int CLIENTS = 16;

    private static final Duration EMPTYING = Duration.ofMinutes(5);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;
    private final String url;
    private final String token;

    Kube(KubeApiServer server) {
        this(server, server.url());
    }

    /// Of another server that has the same certificate and asks the first one who calls.
    Kube(KubeApiServer server, String url) {
        this.url = url;
        this.token = server.adminToken();
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(server.tls())
                        .build();
    }

    /// The server said no, or nothing.
    static final class Refused extends RuntimeException {
        private Refused(String message) {
            super(message);
        }
    }

    JsonNode get(String path) {
        return call("GET", path, "", "");
    }

    JsonNode create(String path, String body) {
        return call("POST", path, body, "application/json");
    }

    JsonNode merge(String path, String body) {
        return call("PATCH", path, body, "application/merge-patch+json");
    }

    /// At once, without grace.
    void delete(String path) {
        call("DELETE", path + "?gracePeriodSeconds=0", "", "");
    }

    /// Deletes a whole collection; a large one takes more than one request's time.
    void empty(String path) throws InterruptedException {
        Await.until(path + " to be empty", EMPTYING, () -> isEmptied(path));
    }

    private boolean isEmptied(String path) {
        try {
            delete(path);
        } catch (Refused _) {
            return false;
        }
        return get(path + "?limit=1").path("items").isEmpty();
    }

    /// Runs all of them, [#CLIENTS] at a time, and returns when all have ended.
    static void inParallel(Stream<Runnable> calls) throws InterruptedException {
        try (ExecutorService pool =
                Executors.newFixedThreadPool(CLIENTS, Thread.ofVirtual().factory())) {
            List<? extends Future<?>> all = calls.map(pool::submit).toList();
            for (Future<?> each : all) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /// Everything that is there now and each state afterwards, until the server ends the watch.
    ///
    /// @param opened gets the stream, for closing it
    void follow(String path, Consumer<InputStream> opened, Consumer<JsonNode> state) {
        JsonNode list = get(path);
        list.path("items").forEach(state);
        String version = list.at("/metadata/resourceVersion").asText();
        try {
            HttpResponse<InputStream> answer =
                    http.send(
                            request(path + "?watch=true&resourceVersion=" + version).build(),
                            BodyHandlers.ofInputStream());
            opened.accept(answer.body());
            try (BufferedReader lines =
                    new BufferedReader(
                            new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                for (String line; (line = lines.readLine()) != null; ) {
                    JsonNode event = json(line);
                    if (!event.path("type").asText().equals("DELETED")) {
                        state.accept(event.path("object"));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private JsonNode call(String method, String path, String body, String type) {
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
            if (answer.statusCode() >= 300) {
                throw new Refused(method + " " + path + ": " + answer.body());
            }
            return json(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .header("Authorization", "Bearer " + token);
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
