package io.paas.test.load;

import java.util.Map;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisException;

/// The idle connections to each node.
final class RedisConnections {

    /// Of one node. A hundred requests a second of a millisecond each need one.
    private static final int IDLE = 8;

    /// Longer than any caller waits: who has waited long enough interrupts, which closes the socket
    /// under a virtual thread.
    private static final int TIMEOUT_MILLIS = 10_000;

    private final JedisClientConfig config;
    private final Map<HostAndPort, BlockingDeque<Connection>> idle = new ConcurrentHashMap<>();
    private volatile boolean closed;

    RedisConnections(@Nullable String password) {
        this.config =
                DefaultJedisClientConfig.builder()
                        .serverDefaultProtocol()
                        .timeoutMillis(TIMEOUT_MILLIS)
                        .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                        .password(password)
                        .build();
    }

    /// An idle one, or else a new one; the caller keeps or disconnects it.
    Connection to(HostAndPort node, boolean fresh) throws Database.NotDoneException {
        Connection kept = fresh ? null : idle(node).pollFirst();
        return kept == null ? open(node) : kept;
    }

    private Connection open(HostAndPort node) throws Database.NotDoneException {
        try {
            return new Connection(node, config);
        } catch (JedisException e) {
            throw new Database.NotDoneException(
                    "cannot connect to " + node + ": " + root(e).getMessage(), e);
        }
    }

    /// Jedis keeps what happened at an address as suppressed.
    private static Throwable root(Throwable thrown) {
        if (thrown.getCause() != null) {
            return root(thrown.getCause());
        }
        Throwable[] suppressed = thrown.getSuppressed();
        return suppressed.length == 0 ? thrown : root(suppressed[0]);
    }

    /// The newest first, so that a fresh one takes the place of the oldest.
    void keep(HostAndPort node, Connection connection) {
        BlockingDeque<Connection> kept = idle(node);
        while (!kept.offerFirst(connection)) {
            disconnect(kept.pollLast());
        }
        if (closed) {
            drop(node);
        }
    }

    void drop(HostAndPort node) {
        BlockingDeque<Connection> kept = idle(node);
        for (Connection next = kept.poll(); next != null; next = kept.poll()) {
            disconnect(next);
        }
    }

    void close() {
        closed = true;
        idle.keySet().forEach(this::drop);
    }

    private BlockingDeque<Connection> idle(HostAndPort node) {
        return idle.computeIfAbsent(node, _ -> new LinkedBlockingDeque<>(IDLE));
    }

    private static void disconnect(@Nullable Connection connection) {
        if (connection != null) {
            connection.disconnect();
        }
    }
}
