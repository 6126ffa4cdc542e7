package io.paas.test.load;

import static io.paas.test.load.Histories.KEY;
import static io.paas.test.load.Histories.failed;
import static io.paas.test.load.Histories.history;
import static io.paas.test.load.Histories.ok;
import static io.paas.test.load.Histories.read;
import static io.paas.test.load.Histories.unknown;
import static io.paas.test.load.Histories.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.paas.test.load.Safety.Entry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SafetyTest {

    private static final Safety NOTHING_WRONG =
            new Safety(List.of(), List.of(), List.of(), List.of(), List.of());

    private static Safety judge(List<Long> found, Operation... operations) {
        return Safety.of(history(1000, operations), Map.of(KEY, found));
    }

    private static Entry entry(long number) {
        return new Entry(KEY, number);
    }

    @Test
    void aListWithEachWriteInTurnIsRight() {
        Safety safety =
                judge(
                        List.of(1L, 2L, 3L),
                        write(1, ok(0, 10)),
                        write(2, ok(20, 30)),
                        read(ok(35, 36, 1L, 2L)),
                        write(3, ok(40, 50)));

        assertThat(safety).isEqualTo(NOTHING_WRONG);
    }

    @Test
    void anAcknowledgedWriteThatIsNotThereIsLost() {
        Safety safety = judge(List.of(2L), write(1, ok(0, 10)), write(2, ok(20, 30)));

        assertThat(safety.lost()).containsExactly(entry(1));
    }

    @Test
    void allWritesOfAKeyThatIsGoneAreLost() {
        Safety safety =
                Safety.of(
                        history(100, write("a", 1, ok(0, 10)), write("b", 2, ok(20, 30))),
                        Map.of("a", List.of(1L)));

        assertThat(safety.lost()).containsExactly(new Entry("b", 2));
    }

    @Test
    void whatOnlyTheRetryAcknowledgedIsLostAsWell() {
        Safety safety = judge(List.of(), write(1, failed(0, 10), ok(110, 120)));

        assertThat(safety.lost()).containsExactly(entry(1));
    }

    @Test
    void aWriteWithoutAnAnswerIsNotLost() {
        Safety safety =
                judge(
                        List.of(),
                        write(1, unknown(0, 10)),
                        write(2, failed(0, 10), unknown(110, 120)));

        assertThat(safety).isEqualTo(NOTHING_WRONG);
    }

    @Test
    void aWriteWithoutAnAnswerMayBeThere() {
        assertThat(judge(List.of(1L), write(1, unknown(0, 10)))).isEqualTo(NOTHING_WRONG);
    }

    @Test
    void aRefusedWriteIsNotLost() {
        assertThat(judge(List.of(), write(1, failed(0, 10)))).isEqualTo(NOTHING_WRONG);
    }

    @Test
    void aRefusedWriteThatIsThereIsUnexpected() {
        Safety safety = judge(List.of(1L), write(1, failed(0, 10), failed(110, 120)));

        assertThat(safety.unexpected()).containsExactly(entry(1));
    }

    @Test
    void whatNobodyWroteIsUnexpected() {
        Safety safety = judge(List.of(1L, 9L), write(1, ok(0, 10)));

        assertThat(safety.unexpected()).containsExactly(entry(9));
    }

    @Test
    void aWriteInAnotherKeysListIsLostAndUnexpected() {
        Safety safety =
                Safety.of(
                        history(100, write("a", 1, ok(0, 10)), write("b", 2, ok(20, 30))),
                        Map.of("a", List.of(), "b", List.of(1L, 2L)));

        assertThat(safety.lost()).containsExactly(new Entry("a", 1));
        assertThat(safety.unexpected()).containsExactly(new Entry("b", 1));
    }

    @Test
    void oneAttemptIsThereOnce() {
        Safety safety = judge(List.of(1L, 1L, 2L), write(1, ok(0, 10)), write(2, ok(20, 30)));

        assertThat(safety.duplicates()).containsExactly(entry(1));
    }

    @Test
    void aRetriedWriteMayBeThereTwice() {
        assertThat(judge(List.of(1L, 1L), write(1, unknown(0, 10), ok(110, 120))))
                .isEqualTo(NOTHING_WRONG);
    }

    @Test
    void butNotThreeTimes() {
        Safety safety = judge(List.of(1L, 1L, 1L), write(1, unknown(0, 10), ok(110, 120)));

        assertThat(safety.duplicates()).containsExactly(entry(1));
    }

    @Test
    void aRefusedAttemptAllowsNoSecondOne() {
        Safety safety = judge(List.of(1L, 1L), write(1, failed(0, 10), ok(110, 120)));

        assertThat(safety.duplicates()).containsExactly(entry(1));
    }

    @Test
    void anOlderOneBehindANewerOneIsOutOfOrder() {
        Safety safety =
                judge(
                        List.of(1L, 3L, 2L),
                        write(1, ok(0, 10)),
                        write(2, ok(20, 30)),
                        write(3, ok(40, 50)));

        assertThat(safety.outOfOrder()).containsExactly(entry(2));
    }

    /// The newest before it need not be the one just before it.
    @Test
    void itIsComparedWithAllBeforeIt() {
        Safety safety =
                judge(
                        List.of(3L, 1L, 2L),
                        write(1, ok(0, 35)),
                        write(2, ok(20, 30)),
                        write(3, ok(40, 50)));

        assertThat(safety.outOfOrder()).containsExactly(entry(1), entry(2));
    }

    @Test
    void writesAtTheSameTimeMayBeInAnyOrder() {
        assertThat(judge(List.of(2L, 1L), write(1, ok(0, 25)), write(2, ok(20, 30))))
                .isEqualTo(NOTHING_WRONG);
    }

    /// It may still be done when a later one has long been acknowledged.
    @Test
    void aWriteWithoutAnAnswerMayComeLate() {
        assertThat(judge(List.of(2L, 1L), write(1, unknown(0, 10)), write(2, ok(20, 30))))
                .isEqualTo(NOTHING_WRONG);
    }

    @Test
    void theSecondOfARetriedWriteMayComeLate() {
        Operation retried = write(1, unknown(0, 10), ok(110, 120));

        assertThat(judge(List.of(1L, 2L, 1L), retried, write(2, ok(130, 140))))
                .isEqualTo(NOTHING_WRONG);
        assertThat(judge(List.of(2L, 1L, 1L), retried, write(2, ok(130, 140))).outOfOrder())
                .containsExactly(entry(1));
    }

    @Test
    void aReadShowsAnOrderThatTheEndHides() {
        Safety safety =
                judge(
                        List.of(1L, 2L),
                        write(1, ok(0, 10)),
                        write(2, ok(20, 30)),
                        read(ok(40, 50, 2L, 1L)));

        assertThat(safety.outOfOrder()).containsExactly(entry(1));
    }

    @Test
    void aReadThatBeganLaterMustShowTheWrite() {
        Safety safety = judge(List.of(1L), write(1, ok(0, 10)), read(ok(20, 30)));

        assertThat(safety.stale()).containsExactly(entry(1));
        assertThat(safety.lost()).isEmpty();
    }

    @Test
    void aReadAtTheSameTimeNeedNot() {
        assertThat(judge(List.of(1L), write(1, ok(0, 25)), read(ok(20, 30))))
                .isEqualTo(NOTHING_WRONG);
    }

    @Test
    void aReadThatFailedShowsNothing() {
        assertThat(judge(List.of(1L), write(1, ok(0, 10)), read(failed(20, 30), unknown(130, 140))))
                .isEqualTo(NOTHING_WRONG);
    }

    @Test
    void aRetriedReadCountsFromItsRetry() {
        Operation read = read(failed(5, 9), ok(109, 110));

        assertThat(judge(List.of(1L), write(1, ok(0, 10)), read).stale()).containsExactly(entry(1));
    }

    @Test
    void whatIsLostIsNotStale() {
        Safety safety = judge(List.of(), write(1, ok(0, 10)), read(ok(20, 30)));

        assertThat(safety.stale()).isEmpty();
        assertThat(safety.lost()).containsExactly(entry(1));
    }
}
