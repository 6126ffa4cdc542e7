package io.paas.test.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.Response;

/// Every write to a namespace's Pods as the API server tells it, from the moment of its opening.
final class PodWatch implements AutoCloseable {

    private final Response response;
    private final List<Event> events = new CopyOnWriteArrayList<>();

    /// One event with the time of its arrival.
    record Event(Instant at, String type, JsonNode pod) {
        String name() {
            return Pods.name(pod);
        }

        @Override
        public String toString() {
            return at + " " + type + " " + name() + " ready=" + Pods.ready(pod);
        }
    }

    private PodWatch(Response response) {
        this.response = response;
        Thread.ofVirtual().name("pod-watch").start(this::read);
    }

    static PodWatch open(Rest rest, String namespace) {
        var path = "/api/v1/namespaces/" + namespace + "/pods";
        var version = rest.get(path + "?limit=1").body().at("/metadata/resourceVersion").asText();
        try {
            return new PodWatch(rest.watch(path + "?watch=true&resourceVersion=" + version));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Event> events() {
        return List.copyOf(events);
    }

    List<Event> of(String pod) {
        return events.stream().filter(event -> event.name().equals(pod)).toList();
    }

    @Override
    public void close() {
        response.close();
    }

    private void read() {
        var source = response.body().source();
        try {
            for (var line = source.readUtf8Line(); line != null; line = source.readUtf8Line()) {
                var json = Kubectl.parse(line);
                events.add(
                        new Event(Instant.now(), json.path("type").asText(), json.path("object")));
            }
        } catch (IOException | IllegalStateException closed) {
            // close() ends the stream; a test that misses events sees too few of them and fails.
        }
    }
}
