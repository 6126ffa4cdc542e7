package io.paas.test.load;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.CommandObjects;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.exceptions.JedisAskDataException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/// A Redis Cluster, or a single server, over the connections of Jedis.
///
/// Jedis' own cluster client is not used: it repeats what was lost with a connection, and counts
/// such repetitions and redirections as one. Here redirections are followed and nothing is
/// repeated. Who owns a key is learnt from `MOVED`. It is forgotten when the owner is lost or
/// refuses, and the next request asks the seed, as a client library would ask for the slots anew.
public final class RedisDatabase implements Database {

    /// As many as client libraries follow unless told otherwise.
    private static final int REDIRECTIONS = 5;

    private final HostAndPort seed;
    private final RedisConnections connections;
    private final CommandObjects commands = new CommandObjects(RedisProtocol.RESP2);
    private final Map<String, HostAndPort> owners = new ConcurrentHashMap<>();

    private RedisDatabase(HostAndPort seed, RedisConnections connections) {
        this.seed = seed;
        this.connections = connections;
    }

    /// Connects to nothing yet.
    ///
    /// @param seed address and port of any node, or of a Service that leads to one
    public static RedisDatabase at(String seed, @Nullable String password) {
        return new RedisDatabase(HostAndPort.from(seed), new RedisConnections(password));
    }

    @Override
    public void append(String key, long number, boolean fresh) throws NotDoneException {
        var _ = ask(key, commands.rpush(key, Long.toString(number)), fresh);
    }

    @Override
    public List<Long> read(String key, boolean fresh) throws NotDoneException {
        return ask(key, commands.lrange(key, 0, -1), fresh).stream().map(Long::valueOf).toList();
    }

    private <T> T ask(String key, CommandObject<T> command, boolean fresh) throws NotDoneException {
        HostAndPort node = fresh ? seed : owners.getOrDefault(key, seed);
        boolean asking = false;
        for (int i = 0; i <= REDIRECTIONS; i++) {
            try {
                return askNode(node, command, asking, fresh);
            } catch (JedisRedirectionException redirection) {
                node = target(redirection, node);
                asking = redirection instanceof JedisAskDataException;
                if (!asking) {
                    owners.put(key, node);
                }
            } catch (JedisDataException refused) {
                owners.remove(key);
                throw new NotDoneException(String.valueOf(refused.getMessage()), refused);
            }
        }
        owners.remove(key);
        throw new NotDoneException("more than " + REDIRECTIONS + " redirections");
    }

    private <T> T askNode(HostAndPort node, CommandObject<T> command, boolean asking, boolean fresh)
            throws NotDoneException {
        Connection connection = connect(node, fresh);
        try {
            if (asking) {
                var _ = connection.executeCommand(Protocol.Command.ASKING);
            }
            T answer = connection.executeCommand(command);
            connections.keep(node, connection);
            return answer;
        } catch (JedisDataException reply) {
            connections.keep(node, connection);
            throw reply;
        } catch (RuntimeException broken) {
            connection.disconnect();
            forget(node);
            throw broken;
        }
    }

    private Connection connect(HostAndPort node, boolean fresh) throws NotDoneException {
        try {
            return connections.to(node, fresh);
        } catch (NotDoneException unreachable) {
            forget(node);
            throw unreachable;
        }
    }

    /// All that was known of it, so that not each of its keys has to find out by itself.
    private void forget(HostAndPort node) {
        owners.values().removeIf(node::equals);
        connections.drop(node);
    }

    /// A node that does not know its own address yet sends none: its own is meant.
    private static HostAndPort target(JedisRedirectionException redirection, HostAndPort from) {
        HostAndPort target = redirection.getTargetNode();
        return target.getHost().isEmpty()
                ? new HostAndPort(from.getHost(), target.getPort())
                : target;
    }

    @Override
    public void close() {
        connections.close();
    }
}
