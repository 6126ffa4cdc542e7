package io.paas.test.proxy;

import io.paas.test.support.KubeApiServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The proxy: plain HTTP/1.1 towards the component, TLS towards kube-apiserver.
///
/// It shows the component one namespace as if it were the whole cluster (a list or watch of all
/// namespaces becomes one of that namespace), so that many runs share one kube-apiserver and their
/// controllers never meet. Without faults it changes nothing else.
public final class FaultProxy implements AutoCloseable {

    /// A write and when it came.
    ///
    /// @param nanos of [System#nanoTime()]
    /// @param code the server's answer; 0 when it has not answered or was not asked
    public record Seen(Write write, long nanos, int code) {

        Seen answered(int answer) {
            return new Seen(write, nanos, answer);
        }
    }

    private static final Set<String> PASSED =
            Set.of("Accept", "Authorization", "Content-Type", "User-Agent");

    private final URI upstream;
    private final String namespace;
    private final HttpClient http;
    private final Ledger ledger = new Ledger();
    private final WatchFaults watches = new WatchFaults();
    private final OldLists oldLists = new OldLists();
    private final Set<Door> doors = ConcurrentHashMap.newKeySet();
    private final AtomicInteger doorNumber = new AtomicInteger();
    private volatile Plan plan = Plan.NONE;
    private volatile Runnable killed = () -> {};

    private FaultProxy(URI upstream, String namespace, HttpClient http) {
        this.upstream = upstream;
        this.namespace = namespace;
        this.http = http;
    }

    /// A proxy that shows one namespace.
    public static FaultProxy of(KubeApiServer server, String namespace) {
        HttpClient http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(server.tls())
                        .build();
        return new FaultProxy(URI.create(server.url()), namespace, http);
    }

    /// A way in for one process.
    public Door open() {
        Door door = new Door(doorNumber.incrementAndGet());
        doors.add(door);
        door.serve(connection -> serve(door, connection));
        return door;
    }

    /// Told, on a thread of its own, when a planned fault has closed the door of a process.
    public void onKill(Runnable action) {
        killed = action;
    }

    /// Starts numbering anew and does as the plan says from now on.
    public void follow(Plan newPlan) {
        ledger.startAnew();
        plan = newPlan;
    }

    public WatchFaults watches() {
        return watches;
    }

    /// The writes since [#follow], in order, whatever became of them.
    public List<Seen> writes() {
        return ledger.seen();
    }

    /// Keeps the present content of every list that was asked for so far; a client that accepts an
    /// old list gets it from now on.
    public void keepLists() throws IOException {
        for (Request list : oldLists.seen()) {
            oldLists.keep(list, forward(list));
        }
    }

    /// How many old lists were served.
    public int oldListsServed() {
        return oldLists.served();
    }

    @Override
    public void close() {
        doors.forEach(Door::close);
        http.shutdownNow();
    }

    private void serve(Door door, Connection connection) {
        try {
            for (Request request; (request = connection.next()) != null; ) {
                answer(door, connection, scoped(door.unwrapped(request)));
            }
        } catch (IOException _) {
            // The end of a connection: the client's, the server's or the plan's doing.
        }
    }

    private void answer(Door door, Connection connection, Request request) throws IOException {
        ApiPath path = ApiPath.of(request.path());
        if (request.isMutating() && path != null) {
            write(door, connection, request, ledger.number(Write.of(request, path)));
        } else if (request.isWatch() && path != null) {
            watch(connection, request, path.resource());
        } else {
            connection.reply(read(request, path));
        }
    }

    private void write(Door door, Connection connection, Request request, Write write)
            throws IOException {
        switch (plan.faultOf(write)) {
            case null -> connection.reply(forward(request, write));
            case KILL_BEFORE -> kill(door);
            case KILL_AFTER -> {
                forward(request, write);
                kill(door);
            }
            case DROP_REPLY -> {
                forward(request, write);
                connection.close();
            }
            case HANG -> {
                connection.awaitEnd();
                connection.close();
            }
            case WriteFault answer -> connection.reply(answer.answer(write));
        }
    }

    /// Closes the door of the process and tells.
    private void kill(Door door) {
        door.close();
        Thread.ofVirtual().name("killed").start(killed);
    }

    private Reply read(Request request, @Nullable ApiPath path) throws IOException {
        if (path == null || !path.isCollection()) {
            return forward(request);
        }
        oldLists.saw(request);
        Optional<Reply> old = oldLists.instead(request);
        return old.isPresent() ? old.get() : forward(request);
    }

    private void watch(Connection connection, Request request, String resource) throws IOException {
        HttpResponse<InputStream> answer = send(request, BodyHandlers.ofInputStream());
        InputStream body = answer.body();
        try (body;
                WatchFaults.Relay relay = watches.relay(resource, connection)) {
            connection.alsoClose(body);
            connection.startChunks(answer.statusCode(), Reply.headers(answer));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
            for (String line; (line = lines.readLine()) != null; ) {
                relay.pass(line);
            }
            connection.endChunks();
        } finally {
            connection.forget(body);
        }
    }

    private Reply forward(Request request, Write write) throws IOException {
        Reply reply = forward(request);
        ledger.answered(write, reply.code());
        return reply;
    }

    private Reply forward(Request request) throws IOException {
        HttpResponse<String> answer = send(request, BodyHandlers.ofString());
        return Reply.of(answer, answer.body());
    }

    private <T> HttpResponse<T> send(Request request, HttpResponse.BodyHandler<T> handler)
            throws IOException {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(upstream.resolve(request.target()))
                        .method(
                                request.method(),
                                request.body().isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(request.body()));
        for (String header : PASSED) {
            String value = request.headers().get(header);
            if (value != null) {
                builder.header(header, value);
            }
        }
        try {
            return http.send(builder.build(), handler);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /// The request as it is in the one namespace that there is.
    private Request scoped(Request request) throws IOException {
        ApiPath path = ApiPath.of(request.path());
        if (path == null || path.isOfTheCluster() || path.namespace().equals(namespace)) {
            return request;
        }
        if (!path.namespace().isEmpty() || !path.isCollection()) {
            throw new IOException("outside of " + namespace + ": " + request.target());
        }
        String query = request.query();
        return request.to(
                Objects.requireNonNull(path).within(namespace)
                        + (query.isEmpty() ? "" : "?" + query));
    }
}
