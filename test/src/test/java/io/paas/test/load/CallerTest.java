package io.paas.test.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.test.load.Operation.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CallerTest {

    /// What answers at all answers within it, however busy the machine is.
    private static final Duration AMPLE = Duration.ofMinutes(1);

    private static final Duration BEFORE_RETRY = Duration.ofMillis(30);

    private static Operation write(Database database, Duration deadline) {
        return new Caller(database, deadline, BEFORE_RETRY)
                .perform(Kind.WRITE, "k", 7, Duration.ZERO, true);
    }

    /// Throws each of these in turn, then answers.
    private static FakeDatabase throwing(Throwable... all) {
        Deque<Throwable> left = new ArrayDeque<>(Arrays.asList(all));
        return new FakeDatabase() {
            @Override
            void beforeAppend(long number, boolean fresh) throws Exception {
                Throwable next = left.poll();
                if (next instanceof Error error) {
                    throw error;
                } else if (next != null) {
                    throw (Exception) next;
                }
            }
        };
    }

    @Test
    void aSuccessIsNotRepeated() throws Exception {
        FakeDatabase database = new FakeDatabase();

        Operation operation = write(database, AMPLE);

        assertThat(operation.first().outcome()).isEqualTo(new Outcome.Ok(List.of()));
        assertThat(operation.retry()).isNull();
        assertThat(database.read("k", false)).containsExactly(7L);
    }

    @Test
    void whatIsSurelyNotDoneHasFailed() {
        Operation operation = write(throwing(new Database.NotDoneException("loading")), AMPLE);

        assertThat(operation.first().outcome()).isEqualTo(new Outcome.Failed("loading"));
        assertThat(operation.succeeded()).isTrue();
        assertThat(operation.retry().begin())
                .isGreaterThanOrEqualTo(operation.first().end().plus(BEFORE_RETRY));
    }

    @Test
    void anythingElseThrownLeavesItOpen() {
        Operation operation =
                write(throwing(new IllegalStateException("lost"), new StackOverflowError()), AMPLE);

        assertThat(operation.attempts())
                .hasSize(2)
                .allMatch(attempt -> attempt.outcome() instanceof Outcome.Unknown);
    }

    @Test
    void noAnswerInTimeLeavesItOpenAndIsInterrupted() throws InterruptedException {
        Duration deadline = Duration.ofMillis(50);
        var interrupted = new CountDownLatch(2);
        var hanging =
                new FakeDatabase() {
                    @Override
                    void beforeAppend(long number, boolean fresh) throws Exception {
                        try {
                            new CountDownLatch(1).await();
                        } finally {
                            interrupted.countDown();
                        }
                    }
                };

        Operation operation = write(hanging, deadline);

        assertThat(operation.attempts())
                .extracting(Attempt::outcome)
                .containsOnly(new Outcome.Unknown("no answer within 50 ms"));
        assertThat(operation.attempts())
                .allMatch(a -> a.end().minus(a.begin()).compareTo(deadline) >= 0);
        assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aReadKeepsWhatItWasShown() throws Exception {
        var database = new FakeDatabase();
        database.append("k", 1, false);

        Operation operation =
                new Caller(database, AMPLE, BEFORE_RETRY)
                        .perform(Kind.READ, "k", 2, Duration.ZERO, false);

        assertThat(operation.first().outcome()).isEqualTo(new Outcome.Ok(List.of(1L)));
    }
}
