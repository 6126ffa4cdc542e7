package io.paas.test.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Binds each Pod of a namespace to the one node: a package's Pods may not name it themselves.
final class Scheduler implements AutoCloseable {

    private static final int AT_ONCE = 8;

    private final Kube kube;
    private final String pods;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final ExecutorService binders =
            Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory());
    private final Follower follower;

    Scheduler(Kube kube, String namespace) {
        this.kube = kube;
        this.pods = "/api/v1/namespaces/" + namespace + "/pods";
        this.follower = new Follower(kube, pods, this::saw);
    }

    @Override
    public void close() {
        follower.close();
        binders.shutdownNow();
    }

    private void saw(JsonNode pod) {
        if (!pod.path("spec").has("nodeName") && seen.add(pod.at("/metadata/uid").asText())) {
            String name = pod.at("/metadata/name").asText();
            binders.execute(() -> bind(name));
        }
    }

    private void bind(String name) {
        kube.create(
                pods + "/" + name + "/binding",
                """
                {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": "%s"},
                 "target": {"apiVersion": "v1", "kind": "Node", "name": "%s"}}"""
                        .formatted(name, Plane.NODE));
    }
}
