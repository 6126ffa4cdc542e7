package io.paas.test.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/// What the plane does without any controller: no contestant can be faster.
///
/// @param writes Pods created a second, by [Kube#CLIENTS] clients, of which nobody takes notice
/// @param ready Pods created and made ready by KWOK a second
record Ceiling(double writes, double ready) {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    static Ceiling measure(Plane plane, int pods) throws InterruptedException {
        return new Ceiling(creates(plane, pods), ready(plane, pods));
    }

    private static double creates(Plane plane, int pods) throws InterruptedException {
        String namespace = plane.newNamespace();
        long begin = System.nanoTime();
        create(plane.kube(), namespace, pods, "");
        double rate = rate(pods, begin);
        plane.empty(namespace);
        return rate;
    }

    private static double ready(Plane plane, int pods) throws InterruptedException {
        return pods / (untilReady(plane, pods).toNanos() / 1e9);
    }

    /// How long so many Pods take that no controller has to make.
    static Duration untilReady(Plane plane, int pods) throws InterruptedException {
        String namespace = plane.newNamespace();
        Set<String> ready = ConcurrentHashMap.newKeySet();
        long begin = System.nanoTime();
        try (Follower _ = new Follower(plane.kube(), path(namespace), pod -> note(pod, ready))) {
            create(plane.kube(), namespace, pods, "\"nodeName\": \"" + Plane.NODE + "\",");
            Await.until(pods + " Pods to be ready", LIMIT, () -> ready.size() == pods);
        }
        Duration time = Duration.ofNanos(System.nanoTime() - begin);
        plane.empty(namespace);
        return time;
    }

    private static void note(JsonNode pod, Set<String> ready) {
        boolean isReady =
                pod.at("/status/conditions")
                        .valueStream()
                        .anyMatch(
                                c ->
                                        c.path("type").asText().equals("Ready")
                                                && c.path("status").asText().equals("True"));
        if (isReady) {
            ready.add(pod.at("/metadata/name").asText());
        }
    }

    private static String path(String namespace) {
        return "/api/v1/namespaces/" + namespace + "/pods";
    }

    /// @param node as a field of the spec, or nothing
    private static void create(Kube kube, String namespace, int pods, String node)
            throws InterruptedException {
        Kube.inParallel(
                IntStream.range(0, pods)
                        .mapToObj(i -> () -> kube.create(path(namespace), pod(i, node))));
    }

    private static String pod(int number, String node) {
        return """
        {"metadata": {"name": "bare-%d"},
         "spec": {%s "containers": [{"name": "main", "image": "registry.test/main:1"}]}}"""
                .formatted(number, node);
    }

    private static double rate(int count, long begin) {
        return count / ((System.nanoTime() - begin) / 1e9);
    }
}
