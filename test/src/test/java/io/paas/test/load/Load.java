package io.paas.test.load;

import io.paas.test.load.Operation.Kind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// Clients at work, who do not wait for each other: an operation begins when it is due, whatever
/// became of those before.
///
/// ```java
/// try (Load load = Load.start(RedisDatabase.at("10.32.0.7:6379", password))) {
///     // the operation that clients should not notice
///     Verdict verdict = load.stop();
///     Figures.note(verdict.toString());
///     assertThat(verdict.lost()).isEmpty();
/// }
/// ```
public final class Load implements AutoCloseable {

    /// Half of them writes, half reads.
    static final int PER_SECOND = 100;

    /// A prime, so that the connections that are made anew come to all keys in turn; many enough
    /// that each node has some, few enough that each is asked every 0.6 s.
    static final int KEYS = 31;

    /// Every tenth write and every tenth read comes over a new connection.
    private static final int FRESH = 10;

    private static final Duration DEADLINE = Duration.ofSeconds(1);
    private static final Duration BEFORE_RETRY = Duration.ofMillis(100);

    /// For the lists to be read back. The database may have to recover first, since a load does not
    /// end at the best moment.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Database database;
    private final Duration interval;
    private final List<String> keys;
    private final Caller caller;
    private final ConcurrentLinkedQueue<Operation> operations = new ConcurrentLinkedQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread clock;

    private Load(Database database, int perSecond, Duration deadline) {
        this.database = database;
        this.interval = Duration.ofSeconds(1).dividedBy(perSecond);
        // A load before this one may have left its lists.
        String prefix = "load-%08x-".formatted(ThreadLocalRandom.current().nextInt());
        this.keys = IntStream.range(0, KEYS).mapToObj(i -> prefix + i).toList();
        this.caller = new Caller(database, deadline, BEFORE_RETRY);
        this.clock = Thread.ofVirtual().name("load").unstarted(this::run);
    }

    /// Starts; the database is closed with the load.
    public static Load start(Database database) {
        return start(database, PER_SECOND, DEADLINE);
    }

    static Load start(Database database, int perSecond, Duration deadline) {
        var load = new Load(database, perSecond, deadline);
        load.clock.start();
        return load;
    }

    private void run() {
        try {
            for (long number = 0; !endsBefore(interval.multipliedBy(number)); number++) {
                submit(number);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean endsBefore(Duration due) throws InterruptedException {
        return ended.await(due.minus(caller.now()).toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Writes and reads take turns, and a key is read half a round after it was written.
    private void submit(long number) {
        Kind kind = number % 2 == 0 ? Kind.WRITE : Kind.READ;
        long ofKind = number / 2;
        long turn = kind == Kind.WRITE ? ofKind : ofKind + KEYS / 2;
        String key = keys.get((int) (turn % KEYS));
        Duration due = interval.multipliedBy(number);
        boolean fresh = ofKind % FRESH == 0;
        workers.execute(() -> operations.add(caller.perform(kind, key, number, due, fresh)));
    }

    /// Ends the load, waits for the last answers, reads all lists back and judges.
    ///
    /// @throws AssertionError if a list cannot be read back within a minute
    public Verdict stop() {
        try {
            Duration length = end();
            workers.shutdown();
            if (!workers.awaitTermination(1, TimeUnit.MINUTES)) {
                throw new AssertionError("operations have deadlines, yet some do not end");
            }
            return Verdict.of(new History(List.copyOf(operations), length), readBack());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /// From then on nothing is due.
    private Duration end() throws InterruptedException {
        ended.countDown();
        Duration length = caller.now();
        clock.join();
        return length;
    }

    private Map<String, List<Long>> readBack() throws InterruptedException {
        Duration limit = caller.now().plus(PATIENCE);
        Map<String, List<Long>> found = new LinkedHashMap<>();
        for (String key : keys) {
            found.put(key, readBack(key, limit));
        }
        return found;
    }

    private List<Long> readBack(String key, Duration limit) throws InterruptedException {
        while (true) {
            Outcome outcome = caller.read(key, false);
            if (outcome instanceof Outcome.Ok(List<Long> seen)) {
                return seen;
            }
            if (caller.now().compareTo(limit) > 0) {
                throw new AssertionError(
                        "cannot read back %s within %s: %s".formatted(key, PATIENCE, outcome));
            }
            Thread.sleep(100);
        }
    }

    @Override
    public void close() {
        try {
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.shutdownNow();
        database.close();
    }
}
