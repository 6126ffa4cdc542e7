package io.paas.test.proxy;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What is done to watches, by resource (plural). Concerns the open ones and those opened later.
public final class WatchFaults {

    private final Map<String, Long> heldUntil = new ConcurrentHashMap<>();
    private final Map<String, Long> droppedUntil = new ConcurrentHashMap<>();
    private final Set<Relay> relays = ConcurrentHashMap.newKeySet();

    WatchFaults() {}

    /// Breaks the connections of the open watches.
    public void cut(Set<String> resources) {
        of(resources, Relay::cut);
    }

    /// Events and bookmarks wait, in their order, until the time is over.
    public void hold(Set<String> resources, Duration time) {
        resources.forEach(resource -> heldUntil.put(resource, System.nanoTime() + time.toNanos()));
    }

    /// Events and bookmarks are lost until the time is over; then the watches end with 410, as
    /// after a compaction, so that the client must list again.
    public void drop(Set<String> resources, Duration time) {
        resources.forEach(
                resource -> droppedUntil.put(resource, System.nanoTime() + time.toNanos()));
        Thread.ofVirtual()
                .start(
                        () -> {
                            sleep(time);
                            of(resources, Relay::expire);
                        });
    }

    Relay relay(String resource, Connection connection) {
        Relay relay = new Relay(resource, connection);
        relays.add(relay);
        return relay;
    }

    private void of(Set<String> resources, java.util.function.Consumer<Relay> fault) {
        relays.stream().filter(relay -> resources.contains(relay.resource)).forEach(fault);
    }

    private static boolean isOver(Long until) {
        return until - System.nanoTime() <= 0;
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// One open watch.
    final class Relay implements AutoCloseable {

        private final String resource;
        private final Connection connection;

        private Relay(String resource, Connection connection) {
            this.resource = resource;
            this.connection = connection;
        }

        void pass(String line) throws IOException {
            for (Long until; (until = heldUntil.get(resource)) != null && !isOver(until); ) {
                sleep(Duration.ofNanos(until - System.nanoTime()));
            }
            Long until = droppedUntil.get(resource);
            if (until == null || isOver(until)) {
                connection.chunk(line);
            }
        }

        private void cut() {
            connection.close();
        }

        private void expire() {
            JsonObject event = new JsonObject();
            event.addProperty("type", "ERROR");
            event.add("object", Reply.statusObject(410, "Expired", "a planned fault: too old"));
            try {
                connection.chunk(event.toString());
                connection.endChunks();
            } catch (IOException _) {
                // Cut already.
            }
            connection.close();
        }

        @Override
        public void close() {
            relays.remove(this);
        }
    }
}
