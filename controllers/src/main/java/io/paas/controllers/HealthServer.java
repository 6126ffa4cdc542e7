package io.paas.controllers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.paas.controllers.runtime.HealthCheck;
import io.paas.kube.metrics.Metrics;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// `/livez` (the process runs; also `/healthz`), `/readyz` (its caches follow kube-apiserver) and
/// `/metrics`.
///
/// `/livez` asks nothing: without kube-apiserver a restart would only lose the caches.
final class HealthServer implements AutoCloseable {

    private final HttpServer server;

    HealthServer(int port, Supplier<List<HealthCheck>> readiness, Metrics metrics)
            throws IOException {
        server = HttpServer.create(new InetSocketAddress(port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        for (String path : List.of("/livez", "/healthz")) {
            server.createContext(path, exchange -> text(exchange, 200, "ok"));
        }
        server.createContext("/readyz", exchange -> answer(exchange, readiness.get()));
        server.createContext(
                "/metrics",
                exchange -> {
                    exchange.getResponseHeaders().set("Content-Type", TextFormat.CONTENT_TYPE_004);
                    text(exchange, 200, metrics.text());
                });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /// As kube-apiserver: one line for each check, `+` or `-` and why.
    private static void answer(HttpExchange exchange, List<HealthCheck> checks) throws IOException {
        boolean isReady = checks.stream().allMatch(HealthCheck::isOk);
        String lines =
                checks.stream().map(HealthCheck::line).collect(Collectors.joining("\n", "", "\n"));
        text(
                exchange,
                isReady ? 200 : 503,
                lines + "readyz check " + (isReady ? "passed\n" : "failed\n"));
    }

    private static void text(HttpExchange exchange, int code, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(code, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
