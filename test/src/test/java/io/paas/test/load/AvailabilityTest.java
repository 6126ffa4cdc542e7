package io.paas.test.load;

import static io.paas.test.load.Histories.failed;
import static io.paas.test.load.Histories.history;
import static io.paas.test.load.Histories.ms;
import static io.paas.test.load.Histories.ok;
import static io.paas.test.load.Histories.unknown;
import static io.paas.test.load.Histories.writeDue;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AvailabilityTest {

    private static Availability of(int length, Operation... operations) {
        History history = history(length, operations);
        return Availability.of(history.operations(), history.length());
    }

    @Test
    void countsWithAndWithoutRetry() {
        Availability availability =
                of(
                        100,
                        writeDue(0, ok(0, 1)),
                        writeDue(10, failed(10, 11), ok(111, 112)),
                        writeDue(20, unknown(20, 30), unknown(130, 140)),
                        writeDue(30, ok(30, 31)));

        assertThat(availability.rawRatio()).isEqualTo(0.5);
        assertThat(availability.retriedRatio()).isEqualTo(0.75);
    }

    @Test
    void nothingAskedIsNoSuccess() {
        assertThat(of(100).rawRatio()).isZero();
        assertThat(of(100).retriedRatio()).isZero();
    }

    @Test
    void aGapLastsFromTheFirstThatWasDueToTheNextSuccess() {
        Availability availability =
                of(
                        1000,
                        writeDue(0, ok(0, 2)),
                        writeDue(100, unknown(100, 300)),
                        writeDue(200, failed(200, 201)),
                        writeDue(300, ok(300, 305)),
                        writeDue(900, ok(900, 905)));

        assertThat(availability.longestGap()).isEqualTo(ms(205));
    }

    /// Else an outage would be over with the first retry of what was due before it ended.
    @Test
    void aRetryEndsNoGap() {
        Availability availability =
                of(1000, writeDue(0, failed(0, 1), ok(101, 102)), writeDue(400, ok(400, 405)));

        assertThat(availability.longestGap()).isEqualTo(ms(405));
    }

    @Test
    void withoutAnotherSuccessAGapLastsToTheEnd() {
        Availability availability =
                of(1000, writeDue(0, ok(0, 2)), writeDue(100, failed(100, 101)));

        assertThat(availability.longestGap()).isEqualTo(ms(900));
    }

    @Test
    void aSuccessThatCameLateIsAGapThatNoneFilled() {
        Availability stalled = of(1000, writeDue(0, ok(0, 700)), writeDue(100, ok(100, 702)));
        Availability one = of(1000, writeDue(0, ok(0, 700)), writeDue(100, ok(100, 102)));

        assertThat(stalled.longestGap()).isEqualTo(ms(700));
        assertThat(one.longestGap()).isEqualTo(ms(102));
    }

    @Test
    void timesCountFromWhenTheOperationWasDue() {
        Availability availability = of(1000, writeDue(0, ok(500, 510)));

        assertThat(availability.p99()).isEqualTo(ms(510));
        assertThat(availability.longestGap()).isEqualTo(ms(510));
    }

    @Test
    void oneOfAHundredMayBeSlower() {
        List<Operation> operations =
                IntStream.range(0, 100)
                        .mapToObj(i -> writeDue(10 * i, ok(10 * i, 10 * i + (i < 99 ? 5 : 800))))
                        .toList();

        assertThat(Availability.of(operations, ms(2000)).p99()).isEqualTo(ms(5));
        assertThat(Availability.of(operations.subList(2, 100), ms(2000)).p99()).isEqualTo(ms(800));
    }

    @Test
    void aFailureIsNeitherFastNorSlow() {
        Availability availability =
                of(1000, writeDue(0, ok(0, 5)), writeDue(10, unknown(10, 900), ok(1000, 1001)));

        assertThat(availability.p99()).isEqualTo(ms(5));
    }
}
