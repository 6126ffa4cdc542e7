package io.paas.test.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RedisDatabaseTest {

    private static final String DONE = ":1";

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    /// A node with these answers, of which the last is for all further commands.
    private FakeRedis node(String... answers) {
        Deque<String> left = new ArrayDeque<>(Arrays.asList(answers));
        var node = new FakeRedis(_ -> left.size() > 1 ? left.remove() : left.element());
        open.add(node);
        return node;
    }

    private RedisDatabase database(FakeRedis seed) {
        RedisDatabase database = RedisDatabase.at(seed.address(), null);
        open.add(database);
        return database;
    }

    @Test
    void aSingleServerIsEnough() throws Exception {
        FakeRedis server = node(DONE, "*2\r\n$1\r\n7\r\n$1\r\n8");
        RedisDatabase database = database(server);

        database.append("k", 7, false);

        assertThat(database.read("k", false)).containsExactly(7L, 8L);
        assertThat(server.commands).containsExactly("RPUSH k 7", "LRANGE k 0 -1");
        assertThat(server.connections).hasValue(1);
    }

    @Test
    void thePasswordComesFirst() throws Exception {
        FakeRedis server = node("+OK", DONE);
        RedisDatabase database = RedisDatabase.at(server.address(), "secret");
        open.add(database);

        database.append("k", 7, false);

        assertThat(server.commands).containsExactly("AUTH secret", "RPUSH k 7");
    }

    @Test
    void anOwnerIsFoundAndRemembered() throws Exception {
        FakeRedis owner = node(DONE);
        FakeRedis seed = node("-MOVED 42 " + owner.address());
        RedisDatabase database = database(seed);

        database.append("k", 1, false);
        database.append("k", 2, false);

        assertThat(seed.commands).containsExactly("RPUSH k 1");
        assertThat(owner.commands).containsExactly("RPUSH k 1", "RPUSH k 2");
        assertThat(owner.connections).hasValue(1);
    }

    @Test
    void aFreshRequestStartsAnewAtTheSeed() throws Exception {
        FakeRedis owner = node(DONE);
        FakeRedis seed = node("-MOVED 42 " + owner.address());
        RedisDatabase database = database(seed);

        database.append("k", 1, false);
        database.append("k", 2, true);

        assertThat(seed.commands).containsExactly("RPUSH k 1", "RPUSH k 2");
        assertThat(seed.connections).hasValue(2);
        assertThat(owner.connections).hasValue(2);
    }

    @Test
    void aKeyOnItsWayIsAskedForAndNotRemembered() throws Exception {
        FakeRedis next = node("+OK", DONE);
        FakeRedis seed = node("-ASK 42 " + next.address(), DONE);
        RedisDatabase database = database(seed);

        database.append("k", 1, false);
        database.append("k", 2, false);

        assertThat(next.commands).containsExactly("ASKING", "RPUSH k 1");
        assertThat(seed.commands).containsExactly("RPUSH k 1", "RPUSH k 2");
    }

    @Test
    void aNodeThatDoesNotKnowItsAddressMeansItsOwn() throws Exception {
        FakeRedis owner = node(DONE);
        String port = owner.address().split(":", 2)[1];
        RedisDatabase database = database(node("-MOVED 42 :" + port));

        database.append("k", 1, false);

        assertThat(owner.commands).containsExactly("RPUSH k 1");
    }

    @Test
    void aRefusalIsSurelyNotDone() {
        FakeRedis server = node("-CLUSTERDOWN Hash slot not served");
        RedisDatabase database = database(server);

        assertThatThrownBy(() -> database.append("k", 1, false))
                .isInstanceOf(Database.NotDoneException.class)
                .hasMessage("CLUSTERDOWN Hash slot not served");
        assertThat(server.commands).hasSize(1);
    }

    @Test
    void whereNobodyListensNothingIsDone() throws IOException {
        String address;
        try (var free = new ServerSocket(0)) {
            address = "127.0.0.1:" + free.getLocalPort();
        }
        RedisDatabase database = RedisDatabase.at(address, null);
        open.add(database);

        assertThatThrownBy(() -> database.append("k", 1, false))
                .isInstanceOf(Database.NotDoneException.class)
                .hasMessage("cannot connect to " + address + ": Connection refused");
    }

    @Test
    void redirectionsHaveAnEnd() {
        List<String> self = new ArrayList<>();
        var server = new FakeRedis(_ -> "-MOVED 42 " + self.getFirst());
        open.add(server);
        self.add(server.address());
        RedisDatabase database = database(server);

        assertThatThrownBy(() -> database.append("k", 1, false))
                .isInstanceOf(Database.NotDoneException.class)
                .hasMessage("more than 5 redirections");
        assertThat(server.commands).hasSize(6);
    }

    /// Whether it was done nobody knows, so it must neither be repeated nor be called not done.
    @Test
    void aRequestWhoseConnectionIsLostIsNotRepeated() {
        FakeRedis server = node(FakeRedis.HANG_UP);
        RedisDatabase database = database(server);

        assertThatThrownBy(() -> database.append("k", 1, false))
                .isNotInstanceOf(Database.NotDoneException.class);
        assertThat(server.commands).containsExactly("RPUSH k 1");
    }

    @Test
    void anOwnerThatIsLostIsForgottenForAllItsKeys() throws Exception {
        FakeRedis lost = node(DONE, DONE, FakeRedis.HANG_UP);
        FakeRedis owner = node(DONE);
        FakeRedis seed =
                node(
                        "-MOVED 42 " + lost.address(),
                        "-MOVED 43 " + lost.address(),
                        "-MOVED 43 " + owner.address());
        RedisDatabase database = database(seed);
        database.append("a", 1, false);
        database.append("b", 2, false);

        assertThatThrownBy(() -> database.append("a", 3, false)).isInstanceOf(Exception.class);
        database.append("b", 4, false);

        assertThat(lost.commands).containsExactly("RPUSH a 1", "RPUSH b 2", "RPUSH a 3");
        assertThat(owner.commands).containsExactly("RPUSH b 4");
    }

    @Test
    void anOwnerThatRefusesIsForgotten() throws Exception {
        FakeRedis old = node("-CLUSTERDOWN The cluster is down");
        FakeRedis owner = node(DONE);
        FakeRedis seed = node("-MOVED 42 " + old.address(), "-MOVED 42 " + owner.address());
        RedisDatabase database = database(seed);

        assertThatThrownBy(() -> database.append("k", 1, false)).isInstanceOf(Exception.class);
        database.append("k", 2, false);

        assertThat(owner.commands).containsExactly("RPUSH k 2");
    }
}
