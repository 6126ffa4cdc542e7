package io.paas.test.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// The one way of one process under test to the server.
///
/// Once it is closed nothing that the process does has any effect, which is what SIGKILL would do
/// to it: threads that still run can not be told from threads that do not. A closed door stays
/// closed; the next process gets another.
public final class Door implements AutoCloseable {

    private final ServerSocket listener;
    private final String secret;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean open = true;

    Door(int number) {
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // The system may give a closed door's port to another one; threads of a killed process must
        // not get through that.
        this.secret = "/process-" + number;
    }

    /// What the process takes for the API server's URL.
    public String url() {
        return "http://127.0.0.1:" + listener.getLocalPort() + secret;
    }

    public boolean isOpen() {
        return open;
    }

    /// Cuts all connections.
    @Override
    public void close() {
        open = false;
        Connection.quietly(listener);
        connections.forEach(Connection::close);
    }

    /// The request as the server shall see it.
    Request unwrapped(Request request) throws IOException {
        if (!open || !request.target().startsWith(secret + "/")) {
            throw new IOException("no way through this door: " + request.target());
        }
        return request.to(request.target().substring(secret.length()));
    }

    void serve(Consumer<Connection> server) {
        Thread.ofVirtual().name("door" + secret).start(() -> accept(server));
    }

    private void accept(Consumer<Connection> server) {
        while (open) {
            try {
                Socket socket = listener.accept();
                Connection connection = new Connection(socket);
                connections.add(connection);
                Thread.ofVirtual().name("connection" + secret).start(() -> run(connection, server));
            } catch (IOException _) {
                // The door was closed, or the client went before it was let in.
            }
        }
    }

    private void run(Connection connection, Consumer<Connection> server) {
        try (connection) {
            // Closed between accept() and add(): close() has not seen this one.
            if (open) {
                server.accept(connection);
            }
        } finally {
            connections.remove(connection);
        }
    }
}
