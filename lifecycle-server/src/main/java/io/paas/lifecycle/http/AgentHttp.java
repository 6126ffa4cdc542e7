package io.paas.lifecycle.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.paas.wire.Reasons;
import io.paas.wire.TokenClaims;
import io.paas.wire.TokenVerdict;
import io.paas.wire.TokenVerifier;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// An HTTP server of the agent: routes in order, first match wins; a virtual thread per request. A
/// body is read only for a token that holds, so that a stranger costs no more than a header.
public final class AgentHttp implements AutoCloseable {
    /// Bodies in the making, so that they stay a small part of the agent's heap of 32 MB.
    private static final int MAX_READERS = 4;

    private static final int BACKLOG = 64;

    private final HttpServer server;
    private final List<Route> routes;
    private final TokenVerifier verifier;
    private final int maxBodyBytes;
    private final Semaphore readers = new Semaphore(MAX_READERS);

    private AgentHttp(
            HttpServer server, List<Route> routes, TokenVerifier verifier, int maxBodyBytes) {
        this.server = server;
        this.routes = List.copyOf(routes);
        this.verifier = verifier;
        this.maxBodyBytes = maxBodyBytes;
    }

    /// Begins to answer on that port, on all addresses; 0 takes any free one.
    public static AgentHttp start(
            int port, List<Route> routes, TokenVerifier verifier, int maxBodyBytes)
            throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(port), BACKLOG);
        AgentHttp http = new AgentHttp(server, routes, verifier, maxBodyBytes);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", http::answer);
        server.start();
        return http;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Reply reply;
            try {
                reply = dispatch(exchange);
            } catch (Refusal refusal) {
                reply = refusal.toReply();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                reply = new Refusal(503, Reasons.INTERNAL_ERROR, "the agent stops").toReply();
            } catch (RuntimeException e) {
                reply = new Refusal(500, Reasons.INTERNAL_ERROR, e.toString()).toReply();
            }
            send(exchange, reply);
        }
    }

    private Reply dispatch(HttpExchange exchange) throws IOException, InterruptedException {
        String path = exchange.getRequestURI().getPath();
        boolean pathKnown = false;
        for (Route route : routes) {
            if (route.matches(path)) {
                pathKnown = true;
                if (route.method().equals(exchange.getRequestMethod())) {
                    return handle(exchange, route, path);
                }
            }
        }
        throw pathKnown
                ? new Refusal(405, Reasons.METHOD_NOT_ALLOWED, "not by this method: " + path)
                : new Refusal(404, Reasons.NOT_FOUND, "there is no " + path);
    }

    private Reply handle(HttpExchange exchange, Route route, String path)
            throws IOException, InterruptedException {
        String tail = route.tail(path);
        TokenClaims claims = null;
        byte[] body = {};
        if (route.act() != null) {
            String authorization = header(exchange, "Authorization");
            claims = accepted(verifier.examine(authorization, route.act().of(tail)));
            body = body(exchange);
            accepted(verifier.spend(claims, body));
        }
        return route.handler()
                .handle(
                        new Request(
                                path,
                                tail,
                                query(exchange.getRequestURI().getRawQuery()),
                                header(exchange, "Idempotency-Key"),
                                new String(body, StandardCharsets.UTF_8),
                                claims));
    }

    private byte[] body(HttpExchange exchange) throws IOException, InterruptedException {
        readers.acquire();
        try {
            byte[] body = exchange.getRequestBody().readNBytes(maxBodyBytes + 1);
            if (body.length > maxBodyBytes) {
                throw new Refusal(413, Reasons.TOO_LARGE, "at most " + maxBodyBytes + " bytes");
            }
            return body;
        } finally {
            readers.release();
        }
    }

    private static TokenClaims accepted(TokenVerdict verdict) {
        return switch (verdict) {
            case TokenVerdict.Accepted(TokenClaims claims) -> claims;
            case TokenVerdict.Refused(int code, String reason, String message) ->
                    throw new Refusal(code, reason, message);
        };
    }

    private static @Nullable String header(HttpExchange exchange, String name) {
        return exchange.getRequestHeaders().getFirst(name);
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> values = new HashMap<>();
        if (raw != null) {
            for (String pair : raw.split("&", -1)) {
                String[] parts = pair.split("=", 2);
                String value = parts.length == 2 ? parts[1] : "";
                values.put(parts[0], URLDecoder.decode(value, StandardCharsets.UTF_8));
            }
        }
        return values;
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", reply.contentType());
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.code(), body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
