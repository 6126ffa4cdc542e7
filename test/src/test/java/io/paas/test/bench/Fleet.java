package io.paas.test.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/// Objects of one kind in one namespace: makes them and notes when each is ready.
final class Fleet implements AutoCloseable {

    private final Kube kube;
    private final Kind kind;
    private final String path;
    private final boolean claims;
    private final Map<String, Long> asked = new ConcurrentHashMap<>();
    private final Map<String, Long> ready = new ConcurrentHashMap<>();
    private final Follower follower;

    Fleet(Kube kube, Kind kind, String namespace, boolean claims) {
        this.kube = kube;
        this.kind = kind;
        this.path = kind.path(namespace);
        this.claims = claims;
        this.follower = new Follower(kube, path, this::saw);
    }

    static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + "-" + i).toList();
    }

    /// Creates all as fast as the server takes them, and returns how long each took to be ready.
    List<Duration> create(List<String> names, Duration limit) throws InterruptedException {
        Kube.inParallel(names.stream().map(name -> () -> ask(name)));
        awaitReady(names, limit);
        return times(names);
    }

    /// From the first request to the last that is ready.
    Duration whole(Collection<String> names) {
        long first = names.stream().mapToLong(asked::get).min().orElseThrow();
        long last = names.stream().mapToLong(ready::get).max().orElseThrow();
        return Duration.ofNanos(last - first);
    }

    /// Changes them in a way that means nothing to their controller.
    void touch(List<String> names) throws InterruptedException {
        Kube.inParallel(names.stream().map(name -> () -> touch(name)));
    }

    private void touch(String name) {
        String annotation = "{\"metadata\": {\"annotations\": {\"bench/touched\": \"yes\"}}}";
        kube.merge(path + "/" + name, annotation);
    }

    void deleteAll() throws InterruptedException {
        kube.empty(path);
    }

    @Override
    public void close() {
        follower.close();
    }

    private void ask(String name) {
        asked.put(name, System.nanoTime());
        kube.create(path, kind.manifest(name, claims));
    }

    private void awaitReady(List<String> names, Duration limit) throws InterruptedException {
        Await.until(
                "%d of %s to be ready".formatted(names.size(), kind),
                limit,
                () -> ready.keySet().containsAll(names));
    }

    private List<Duration> times(List<String> names) {
        return names.stream()
                .map(name -> Duration.ofNanos(ready.get(name) - asked.get(name)))
                .toList();
    }

    private void saw(JsonNode object) {
        if (kind.isReady(object)) {
            ready.putIfAbsent(object.at("/metadata/name").asText(), System.nanoTime());
        }
    }
}
