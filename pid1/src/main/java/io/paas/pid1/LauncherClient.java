package io.paas.pid1;

import io.paas.lifecycle.AgentLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The connection to the launcher that runs `main`'s process. One thread reads; requests go one at
/// a time, and each waits a bounded time for its answer.
final class LauncherClient {
    private static final long ANSWER_SECONDS = 5;
    private static final long RECONNECT_MILLIS = 200;

    private final Path socket;
    private final AtomicLong requests = new AtomicLong();
    private final BlockingQueue<String> answers = new ArrayBlockingQueue<>(1024);
    private final Object changed = new Object();
    private volatile @Nullable SocketChannel channel;
    private volatile @Nullable ServiceStatus status;
    private volatile String launcherVersion = "";
    private final AtomicLong connections = new AtomicLong();
    private long generation;

    LauncherClient(Path socket) {
        this.socket = socket;
    }

    /// Begins to connect, and goes on for ever.
    void start() {
        Thread.ofPlatform().daemon().name("launcher").start(this::connectForEver);
    }

    /// The main service as last heard; empty while nobody is connected.
    Optional<ServiceStatus> status() {
        return Optional.ofNullable(channel == null ? null : status);
    }

    String launcherVersion() {
        return launcherVersion;
    }

    /// Counts connections, so that a caller can see that the launcher may have forgotten it.
    long connections() {
        return connections.get();
    }

    /// A number that grows with every news; for [#awaitNews].
    long generation() {
        synchronized (changed) {
            return generation;
        }
    }

    /// Returns at once if there was news after `seen`, else at the next news or after that time.
    long awaitNews(long seen, long millis) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        synchronized (changed) {
            while (generation == seen) {
                long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
                if (left <= 0) {
                    break;
                }
                changed.wait(left);
            }
            return generation;
        }
    }

    LauncherReply request(String command) {
        return request("r" + requests.incrementAndGet(), command);
    }

    /// Sends one request under an id of the caller's, for changes that must happen at most once.
    synchronized LauncherReply request(String id, String command) {
        SocketChannel open = channel;
        if (open == null) {
            return new LauncherReply.Unreachable("the launcher of the main container is not there");
        }
        try {
            answers.clear();
            send(open, id + " " + command);
            return awaitAnswer(id);
        } catch (IOException e) {
            return new LauncherReply.Unreachable("the launcher went away: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new LauncherReply.Unreachable("the agent stops");
        }
    }

    private LauncherReply awaitAnswer(String id) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_SECONDS);
        while (true) {
            String line = answers.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                return new LauncherReply.Unreachable("the launcher did not answer");
            }
            String[] words = line.split(" ", 4);
            if (!words[0].equals(id) || words.length < 2) {
                continue;
            }
            if (words[1].equals("OK")) {
                return new LauncherReply.Ok(
                        line.substring(Math.min(line.length(), id.length() + 4)));
            }
            if (words[1].equals("ERR")) {
                return new LauncherReply.Refused(
                        words.length > 2 ? words[2] : "", words.length > 3 ? words[3] : "");
            }
        }
    }

    private static void send(SocketChannel channel, String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private void connectForEver() {
        while (!Thread.currentThread().isInterrupted()) {
            try (SocketChannel fresh = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                fresh.connect(UnixDomainSocketAddress.of(socket));
                listen(fresh);
            } catch (IOException e) {
                // It is not there yet, or not any more: the next round tells.
            }
            if (channel != null) {
                AgentLog.say("launcher: connection lost");
            }
            channel = null;
            news();
            try {
                TimeUnit.MILLISECONDS.sleep(RECONNECT_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void listen(SocketChannel fresh) throws IOException {
        BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                Channels.newInputStream(fresh), StandardCharsets.UTF_8));
        send(fresh, "events EVENTS\nstatus STATUS");
        String line;
        while ((line = lines.readLine()) != null) {
            take(line, fresh);
        }
    }

    private void take(String line, SocketChannel from) {
        if (line.startsWith("HELLO ")) {
            String[] words = line.split(" ", 4);
            launcherVersion = words.length > 2 ? words[2] : "";
            AgentLog.say("launcher: connected, version " + launcherVersion);
        } else if (line.startsWith("EVENT ")) {
            String[] words = line.split(" ", 3);
            observe(ServiceStatus.parse(words.length > 2 ? words[2] : ""), from);
        } else if (line.startsWith("status SERVICE ")) {
            observe(ServiceStatus.parse(line.substring("status SERVICE ".length())), from);
        } else if (!answers.offer(line)) {
            AgentLog.say("launcher: an answer nobody waits for was dropped");
        }
    }

    /// The first service heard of on a connection is the main one; others are not ours to manage.
    private void observe(ServiceStatus heard, SocketChannel from) {
        ServiceStatus known = status;
        if (!from.equals(channel)) {
            channel = from;
            connections.incrementAndGet();
        } else if (known != null && !known.name().equals(heard.name())) {
            return;
        }
        status = heard;
        news();
    }

    private void news() {
        synchronized (changed) {
            generation++;
            changed.notifyAll();
        }
    }
}
