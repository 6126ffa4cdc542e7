package io.paas.apiserver.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.paas.agent.AgentClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// An agent that answers what a test says, at 127.0.0.1, the address of every Pod.
final class FakeAgent {

    private final HttpServer server;

    /// Paths of the calls, and their bodies.
    final List<String> calls = new ArrayList<>();

    final List<String> bodies = new ArrayList<>();
    int code = 200;
    String reply = "{}";

    /// It has not heard of what this path names.
    String unknownPath;

    FakeAgent() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        calls.add(path);
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        boolean unknown = path.equals(unknownPath);
        byte[] body =
                (unknown ? "{\"reason\":\"NotFound\"}" : reply).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(unknown ? 404 : code, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    AgentClient client() {
        int port = server.getAddress().getPort();
        return new AgentClient((_, _, _, _) -> "token", port, port, _ -> true);
    }

    void stop() {
        server.stop(0);
    }
}
