package io.paas.test.proxy;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// One TCP connection of the component. Requests are read by one thread; anybody may cut it.
final class Connection implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final Set<Closeable> upstream = ConcurrentHashMap.newKeySet();

    Connection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
        socket.setTcpNoDelay(true);
    }

    @Nullable Request next() throws IOException {
        return Request.read(in);
    }

    boolean isOpen() {
        return !socket.isClosed();
    }

    void reply(Reply reply) throws IOException {
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        send(head(reply.code(), reply.headers(), "Content-Length: " + body.length), body);
    }

    void startChunks(int code, Map<String, String> headers) throws IOException {
        send(head(code, headers, "Transfer-Encoding: chunked"), new byte[0]);
    }

    /// One line of a watch; an empty text would end the answer.
    void chunk(String line) throws IOException {
        byte[] body = (line + "\n").getBytes(StandardCharsets.UTF_8);
        send(Integer.toHexString(body.length) + "\r\n", body, "\r\n");
    }

    void endChunks() throws IOException {
        send("0\r\n\r\n", new byte[0]);
    }

    /// Reads until the client closes; what it still sends goes nowhere.
    void awaitEnd() throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
    }

    /// Closes something together with this connection.
    void alsoClose(Closeable other) throws IOException {
        upstream.add(other);
        if (!isOpen()) {
            other.close();
        }
    }

    void forget(Closeable other) {
        upstream.remove(other);
    }

    @Override
    public void close() {
        for (Closeable each : upstream) {
            quietly(each);
        }
        quietly(socket);
    }

    static void quietly(Closeable what) {
        try {
            what.close();
        } catch (IOException _) {
            // It is cut; how, does not matter.
        }
    }

    private static String head(int code, Map<String, String> headers, String framing) {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + code + " Proxied\r\n");
        headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        return head.append(framing).append("\r\n\r\n").toString();
    }

    private void send(String head, byte[] body) throws IOException {
        send(head, body, "");
    }

    private synchronized void send(String head, byte[] body, String tail) throws IOException {
        byte[] before = head.getBytes(StandardCharsets.ISO_8859_1);
        byte[] after = tail.getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[before.length + body.length + after.length];
        System.arraycopy(before, 0, all, 0, before.length);
        System.arraycopy(body, 0, all, before.length, body.length);
        System.arraycopy(after, 0, all, before.length + body.length, after.length);
        out.write(all);
        out.flush();
    }
}
