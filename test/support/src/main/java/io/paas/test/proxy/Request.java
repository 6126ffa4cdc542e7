package io.paas.test.proxy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One HTTP/1.1 request as the component sent it.
///
/// @param target path and query
/// @param headers by name, whatever its case
record Request(String method, String target, Map<String, String> headers, String body) {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    /// Waits for the next request; null when the client has closed the connection.
    static @Nullable Request read(InputStream in) throws IOException {
        String start = line(in);
        if (start == null) {
            return null;
        }
        String[] parts = start.split(" ", -1);
        if (parts.length != 3) {
            throw new IOException("not a request: " + start);
        }
        Map<String, String> headers = headers(in);
        if (headers.containsKey("Transfer-Encoding")) {
            throw new IOException("requests in chunks are not understood");
        }
        int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("half a request");
        }
        return new Request(parts[0], parts[1], headers, new String(body, StandardCharsets.UTF_8));
    }

    Request to(String otherTarget) {
        return new Request(method, otherTarget, headers, body);
    }

    boolean isMutating() {
        return !READING.contains(method);
    }

    boolean isWatch() {
        return query().contains("watch=true") || query().contains("watch=1");
    }

    /// Whether the client accepts a list that is older than what others have seen already.
    boolean acceptsOldList() {
        return query().contains("resourceVersion=0")
                || query().contains("resourceVersionMatch=NotOlderThan");
    }

    String path() {
        int question = target.indexOf('?');
        return question < 0 ? target : target.substring(0, question);
    }

    String query() {
        int question = target.indexOf('?');
        return question < 0 ? "" : target.substring(question + 1);
    }

    private static Map<String, String> headers(InputStream in) throws IOException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        String header = required(line(in));
        while (!header.isEmpty()) {
            int colon = header.indexOf(':');
            headers.put(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
            header = required(line(in));
        }
        return headers;
    }

    private static String required(@Nullable String line) throws IOException {
        if (line == null) {
            throw new EOFException("half a request");
        }
        return line;
    }

    private static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next; (next = in.read()) != '\n'; ) {
            if (next < 0) {
                return null;
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
