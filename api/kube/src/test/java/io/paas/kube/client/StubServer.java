package io.paas.kube.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.util.ClientBuilder;
import io.paas.kube.metrics.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A kube-apiserver that says what a test tells it to: answers to lists and watches in turn, the
/// last one for ever. For what the real one does too seldom to wait for.
public final class StubServer implements AutoCloseable {

    /// A request, with [System#nanoTime()] of its arrival.
    public record Seen(String query, long nanos) {

        public boolean isWatch() {
            return query.contains("watch=true");
        }
    }

    /// One answer; a watch that is held stays open after its lines.
    private record Answer(int code, String body, boolean isHeld) {}

    private final HttpServer server;
    private final Queue<Answer> lists = new ArrayDeque<>();
    private final Queue<Answer> watches = new ArrayDeque<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();

    public StubServer() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    /// ConfigMaps of this server.
    public ResourceClient<V1ConfigMap> configMaps(Duration silence) {
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        return new KubeClient(
                        () -> new ClientBuilder().setBasePath(url).build(),
                        "stub",
                        new Metrics(),
                        silence)
                .of(BuiltIn.CONFIG_MAPS);
    }

    /// A page of a list.
    ///
    /// @param next the token of the next page, empty for none
    public StubServer list(int version, String next, String... names) {
        String items =
                Stream.of(names)
                        .map(name -> object(name, version))
                        .collect(Collectors.joining(","));
        lists.add(
                new Answer(
                        200,
                        "{\"metadata\": {\"resourceVersion\": \"%d\", \"continue\": \"%s\"}, \"items\": [%s]}"
                                .formatted(version, next, items),
                        false));
        return this;
    }

    public StubServer refuseList(int code) {
        lists.add(new Answer(code, status(code), false));
        return this;
    }

    /// A watch that ends after these events.
    public StubServer watch(String... events) {
        watches.add(new Answer(200, String.join("\n", events) + "\n", false));
        return this;
    }

    /// A watch that says no more after these events, and does not end.
    public StubServer holdWatch(String... events) {
        watches.add(new Answer(200, String.join("\n", events) + "\n", true));
        return this;
    }

    public StubServer refuseWatch(int code) {
        watches.add(new Answer(code, status(code), false));
        return this;
    }

    public static String event(String type, String name, int version) {
        return "{\"type\": \"%s\", \"object\": %s}".formatted(type, object(name, version));
    }

    public static String bookmark(int version) {
        return event("BOOKMARK", "", version);
    }

    /// What a watch says whose resource version was compacted while it was open.
    public static String error(int code) {
        return "{\"type\": \"ERROR\", \"object\": %s}".formatted(status(code));
    }

    public List<Seen> lists() {
        return seen.stream().filter(request -> !request.isWatch()).toList();
    }

    public List<Seen> watches() {
        return seen.stream().filter(Seen::isWatch).toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getRawQuery();
        Seen request =
                new Seen(
                        query == null ? "" : URLDecoder.decode(query, StandardCharsets.UTF_8),
                        System.nanoTime());
        seen.add(request);
        Answer answer = next(request.isWatch() ? watches : lists);
        exchange.sendResponseHeaders(answer.code(), 0);
        exchange.getResponseBody().write(answer.body().getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        if (!answer.isHeld()) {
            exchange.close();
        }
    }

    private synchronized Answer next(Queue<Answer> answers) {
        return answers.size() > 1 ? answers.remove() : answers.element();
    }

    private static String object(String name, int version) {
        return "{\"metadata\": {\"namespace\": \"ns\", \"name\": \"%s\", \"resourceVersion\": \"%d\"}}"
                .formatted(name, version);
    }

    private static String status(int code) {
        return "{\"kind\": \"Status\", \"code\": %d, \"message\": \"stub\"}".formatted(code);
    }
}
