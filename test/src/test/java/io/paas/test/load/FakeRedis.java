package io.paas.test.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/// A node that answers as the test says, in the words of the Redis protocol.
final class FakeRedis implements AutoCloseable {

    /// The answer that closes the connection instead.
    static final String HANG_UP = "";

    /// Another loopback address than the one that an empty host stands for.
    private static final String HOST = "127.0.0.2";

    final List<String> commands = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();
    private final UnaryOperator<String> answer;
    private final ServerSocket server;

    /// Starts it.
    ///
    /// @param answer to a command, such as `RPUSH k 1`, without the line's end
    FakeRedis(UnaryOperator<String> answer) {
        this.answer = answer;
        try {
            this.server = new ServerSocket(0, 50, InetAddress.ofLiteral(HOST));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.startVirtualThread(this::accept);
    }

    String address() {
        return HOST + ":" + server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                connections.incrementAndGet();
                Thread.startVirtualThread(() -> serve(client));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket client) {
        try (client;
                var in =
                        new BufferedReader(
                                new InputStreamReader(
                                        client.getInputStream(), StandardCharsets.UTF_8))) {
            for (String head = in.readLine(); head != null; head = in.readLine()) {
                String command = command(in, Integer.parseInt(head.substring(1)));
                commands.add(command);
                String reply = answer.apply(command);
                if (reply.equals(HANG_UP)) {
                    return;
                }
                client.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException gone) {
            // So is the client.
        }
    }

    /// Each word comes after a line with its length.
    private static String command(BufferedReader in, int words) throws IOException {
        List<String> command = new ArrayList<>();
        for (int i = 0; i < words; i++) {
            in.readLine();
            command.add(in.readLine());
        }
        return String.join(" ", command);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
