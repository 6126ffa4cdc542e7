package io.paas.test.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Scheduler and kubelet in one, as far as the API shows them: binds a namespace's Pods, makes them
/// Ready, and when one is deleted reports first that it ended, and then removes it.
final class FakeNode implements AutoCloseable {

    // Long enough for a controller that does not wait for either to be caught.
    private static final Duration START = Duration.ofMillis(60);
    private static final Duration STOP = Duration.ofMillis(120);
    private static final int ATTEMPTS = 50;

    private final Api api;
    private final String pods;
    private final Set<String> started = ConcurrentHashMap.newKeySet();
    private final Set<String> stopped = ConcurrentHashMap.newKeySet();
    private final Closeable watch;

    FakeNode(Api api, String namespace) {
        this.api = api;
        this.pods = Api.PODS.formatted(namespace);
        this.watch = api.watch(pods, this::saw, () -> {});
    }

    @Override
    public void close() throws IOException {
        watch.close();
    }

    private void saw(JsonNode event) {
        JsonNode pod = event.path("object");
        String uid = pod.at("/metadata/uid").asText();
        String name = pod.at("/metadata/name").asText();
        if (event.path("type").asText().equals("DELETED")) {
            return;
        }
        if (pod.path("metadata").has("deletionTimestamp")) {
            if (stopped.add(uid)) {
                Thread.ofVirtual().start(() -> stop(name, uid));
            }
        } else if (started.add(uid)) {
            Thread.ofVirtual().start(() -> start(name));
        }
    }

    private void start(String name) {
        insist(
                () ->
                        api.create(
                                pods + "/" + name + "/binding",
                                """
                                {"apiVersion": "v1", "kind": "Binding",
                                 "metadata": {"name": "%s"},
                                 "target": {"apiVersion": "v1", "kind": "Node", "name": "node-0"}}"""
                                        .formatted(name)));
        pause(START);
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        status(
                name,
                """
                {"status": {"phase": "Running", "podIP": "10.1.2.3", "startTime": "%s",
                  "conditions": [
                    {"type": "Ready", "status": "True", "lastTransitionTime": "%s"}]}}"""
                        .formatted(now, now));
    }

    private void stop(String name, String uid) {
        pause(STOP);
        status(
                name,
                """
                {"metadata": {"uid": "%s"}, "status": {"phase": "Succeeded", "conditions": []}}"""
                        .formatted(uid));
        insist(
                () ->
                        api.delete(
                                pods + "/" + name,
                                """
                                {"apiVersion": "v1", "kind": "DeleteOptions",
                                 "gracePeriodSeconds": 0, "preconditions": {"uid": "%s"}}"""
                                        .formatted(uid)));
    }

    private void status(String pod, String status) {
        insist(() -> api.merge(pods + "/" + pod + "/status", status));
    }

    /// Until the server has decided: a no is an answer (the Pod went meanwhile), silence is not.
    private static void insist(Supplier<Api.Reply> call) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                Api.Reply reply = call.get();
                if (reply.code() < 500 && reply.code() != 429) {
                    return;
                }
            } catch (UncheckedIOException _) {
                // As below.
            }
            pause(START);
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
