package io.paas.test.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Consumer;

/// Tells of every state of the objects of one path until it is closed. A watch that ends is opened
/// again: kube-apiserver ends every watch some day.
final class Follower implements AutoCloseable {

    private static final Duration AGAIN = Duration.ofMillis(200);

    private final Kube kube;
    private final String path;
    private final Consumer<JsonNode> state;
    private final Thread thread;
    private volatile InputStream watch;
    private volatile boolean closed;

    Follower(Kube kube, String path, Consumer<JsonNode> state) {
        this.kube = kube;
        this.path = path;
        this.state = state;
        this.thread = Thread.ofVirtual().start(this::follow);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        InputStream open = watch;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void follow() {
        while (!closed) {
            try {
                kube.follow(path, stream -> watch = stream, state);
            } catch (RuntimeException _) {
                // kube-apiserver is away, or we are closed.
            }
            try {
                Thread.sleep(AGAIN);
            } catch (InterruptedException _) {
                return;
            }
        }
    }
}
