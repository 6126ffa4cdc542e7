package io.paas.controllers.expodset;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The lifecycle servers of all Pods of a test, behind one port: paths, codes, bodies, idempotency
/// keys and `waitSeconds` as docs/lifecycle-server.md says them. What a hook answers is the test's.
final class FakeAgents implements AutoCloseable {

    private static final Pattern WAIT = Pattern.compile("waitSeconds=([0-9]+)");

    /// What a hook does; called again for a run that is polled for, until it is no [#RUNS].
    @FunctionalInterface
    interface Script {
        Answer answer(Call call);
    }

    /// @param pod name of the Pod that was called
    record Call(String pod, String api, String key, JsonObject parameters) {}

    /// @param data JSON, or empty
    record Answer(int code, String reason, String data) {}

    static final Answer RUNS = new Answer(202, "", "");
    static final Answer DONE = new Answer(200, "", "");

    private final HttpServer server;
    private final Map<String, Call> runs = new ConcurrentHashMap<>();
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private boolean closed;
    private volatile Script script = _ -> new Answer(404, "NotFound", "");

    FakeAgents() throws IOException {
        server = HttpServer.create(new InetSocketAddress(0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    void play(Script next) {
        script = next;
    }

    /// Calls that began, the first one first.
    Queue<Call> calls() {
        return calls;
    }

    static Answer order(String... pods) {
        JsonArray order = new JsonArray();
        for (String pod : pods) {
            order.add(pod);
        }
        JsonObject data = new JsonObject();
        data.add("order", order);
        return new Answer(200, "", data.toString());
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            server.stop(0);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            URI uri = exchange.getRequestURI();
            String tail = uri.getPath().substring(1);
            Call call =
                    tail.startsWith("runs/")
                            ? runs.get(tail.substring("runs/".length()))
                            : begin(exchange, tail);
            Answer answer = await(call, uri);
            byte[] body = body(call, answer).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.code(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Call begin(HttpExchange exchange, String api) throws IOException {
        String host = exchange.getRequestHeaders().getFirst("Host");
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Call call =
                new Call(
                        host.substring(0, host.indexOf('.')),
                        api,
                        exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                        JsonParser.parseString(body).getAsJsonObject());
        runs.put(run(call), call);
        calls.add(call);
        return call;
    }

    private Answer await(Call call, URI uri) {
        Matcher wait = WAIT.matcher(String.valueOf(uri.getQuery()));
        long seconds = wait.find() ? Long.parseLong(wait.group(1)) : 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        Answer answer = script.answer(call);
        while (answer.equals(RUNS) && System.nanoTime() < end) {
            pause();
            answer = script.answer(call);
        }
        return answer;
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String run(Call call) {
        return Integer.toHexString((call.pod() + call.api() + call.key()).hashCode());
    }

    private static String body(Call call, Answer answer) {
        String status =
                switch (answer.code()) {
                    case 200 -> "Success";
                    case 202 -> "Running";
                    default -> "Failure";
                };
        return """
        {"status": "%s", "code": %d, "reason": "%s", "message": "%s", "data": %s,
         "durationMillis": 1, "runId": "%s"}"""
                .formatted(
                        status,
                        answer.code(),
                        answer.reason(),
                        "as the script says",
                        answer.data().isEmpty() ? "null" : answer.data(),
                        run(call));
    }
}
