package io.paas.test.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// Counts requests, not seconds: a busy machine makes these tests slower and nothing else.
class LoadTest {

    private static final int PER_SECOND = 1000;
    private static final Duration AMPLE = Duration.ofMinutes(1);
    private static final int SOME = 200;

    private static Load start(Database database) {
        return Load.start(database, PER_SECOND, AMPLE);
    }

    private static void awaitMore(FakeDatabase database) {
        int enough = database.asked.get() + SOME;
        await().atMost(AMPLE).until(() -> database.asked.get() >= enough);
    }

    private static Verdict run(FakeDatabase database) {
        try (Load load = start(database)) {
            awaitMore(database);
            return load.stop();
        }
    }

    @Test
    void aDatabaseThatKeepsItsWordPasses() {
        var database = new FakeDatabase();

        Verdict verdict = run(database);

        assertThat(verdict.rawRatio()).isEqualTo(1);
        assertThat(verdict.safety().toString())
                .isEqualTo("lost 0, duplicates 0, out of order 0, unexpected 0, stale 0");
        assertThat(verdict.writes().asked() - verdict.reads().asked()).isBetween(0, 1);
        assertThat(database.closed).isTrue();
    }

    @Test
    void aDatabaseThatForgetsIsFound() {
        var database = new FakeDatabase();
        try (Load load = start(database)) {
            awaitMore(database);
            database.forget();
            awaitMore(database);

            Verdict verdict = load.stop();

            assertThat(verdict.lost()).isNotEmpty();
            assertThat(verdict.lost().size()).isLessThan(verdict.writes().asked());
        }
    }

    /// A load that waited for its answers would never have two requests on their way.
    @Test
    void nobodyWaitsForTheAnswersOfOthers() {
        var together = new CountDownLatch(20);
        Verdict verdict =
                run(
                        new FakeDatabase() {
                            @Override
                            void beforeAppend(long number, boolean fresh) throws Exception {
                                together.countDown();
                                together.await();
                            }
                        });

        assertThat(verdict.writes().rawRatio()).isEqualTo(1);
        assertThat(verdict.writes().longestGap())
                .as("the first waited until the twentieth was due")
                .isGreaterThanOrEqualTo(Duration.ofMillis(38));
    }

    @Test
    void nothingThatIsThrownEndsTheLoad() {
        Verdict verdict =
                run(
                        new FakeDatabase() {
                            @Override
                            void beforeAppend(long number, boolean fresh) {
                                throw new AssertionError("a bug of the client");
                            }
                        });

        assertThat(verdict.writes().asked()).isGreaterThan(20);
        assertThat(verdict.writes().retriedRatio()).isZero();
        assertThat(verdict.reads().rawRatio()).isEqualTo(1);
        assertThat(verdict.lost()).isEmpty();
        assertThat(verdict.reasons())
                .containsOnlyKeys("java.lang.AssertionError: a bug of the client");
    }

    @Test
    void everyTenthOfAKindIsFresh() {
        Set<Long> freshWrites = ConcurrentHashMap.newKeySet();
        var freshReads = new AtomicInteger();
        Verdict verdict =
                run(
                        new FakeDatabase() {
                            @Override
                            void beforeAppend(long number, boolean fresh) {
                                if (fresh) {
                                    freshWrites.add(number);
                                }
                            }

                            @Override
                            void beforeRead(boolean fresh) {
                                freshReads.addAndGet(fresh ? 1 : 0);
                            }
                        });

        assertThat(freshWrites).isNotEmpty().allMatch(number -> number % 20 == 0);
        assertThat(freshWrites).hasSize((verdict.writes().asked() + 9) / 10);
        assertThat(freshReads).hasValue((verdict.reads().asked() + 9) / 10);
    }

    @Test
    void readsBackFromADatabaseThatMustRecoverFirst() {
        var recovering = new AtomicBoolean();
        var database =
                new FakeDatabase() {
                    @Override
                    void beforeRead(boolean fresh) throws Exception {
                        if (recovering.get()) {
                            throw new NotDoneException("recovering");
                        }
                    }
                };
        try (Load load = start(database)) {
            awaitMore(database);
            recovering.set(true);
            Thread.startVirtualThread(
                    () -> {
                        LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
                        recovering.set(false);
                    });

            assertThat(load.stop().lost()).isEmpty();
            assertThat(recovering).isFalse();
        }
    }

    @Test
    void closingEndsIt() {
        var database = new FakeDatabase();
        Load load = start(database);
        awaitMore(database);

        load.close();

        var last = new AtomicInteger();
        await().during(Duration.ofMillis(300))
                .atMost(AMPLE)
                .until(() -> last.getAndSet(database.asked.get()) == database.asked.get());
    }
}
