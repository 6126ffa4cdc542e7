package io.paas.test.load;

import static io.paas.test.load.Histories.KEY;
import static io.paas.test.load.Histories.failed;
import static io.paas.test.load.Histories.history;
import static io.paas.test.load.Histories.ms;
import static io.paas.test.load.Histories.ok;
import static io.paas.test.load.Histories.read;
import static io.paas.test.load.Histories.unknown;
import static io.paas.test.load.Histories.write;
import static io.paas.test.load.Histories.writeDue;
import static org.assertj.core.api.Assertions.assertThat;

import io.paas.test.load.Safety.Entry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictTest {

    @Test
    void readsDoNotHideThatWritesFail() {
        Verdict verdict =
                Verdict.of(
                        history(
                                1000,
                                write(1, failed(0, 1)),
                                read(ok(100, 101)),
                                read(ok(200, 201)),
                                write(2, ok(300, 310))),
                        Map.of());

        assertThat(verdict.longestGap()).isEqualTo(ms(310));
        assertThat(verdict.reads().longestGap()).isEqualTo(ms(1));
        assertThat(verdict.rawRatio()).isEqualTo(0.75);
    }

    @Test
    void otherKeysDoNotHideOneThatIsNotServed() {
        Verdict verdict =
                Verdict.of(
                        history(
                                1000,
                                write("a", 1, failed(0, 1)),
                                write("b", 2, ok(10, 11)),
                                write("a", 3, failed(100, 101)),
                                write("b", 4, ok(110, 111)),
                                write("a", 5, ok(200, 203))),
                        Map.of());

        assertThat(verdict.longestGap()).isEqualTo(ms(11));
        assertThat(verdict.longestKeyGap()).isEqualTo(ms(203));
    }

    @Test
    void theOrderInWhichAnswersCameDoesNotMatter() {
        Verdict verdict =
                Verdict.of(
                        history(1000, writeDue(300, ok(300, 301)), writeDue(0, failed(0, 1))),
                        Map.of());

        assertThat(verdict.longestGap()).isEqualTo(ms(301));
    }

    @Test
    void tellsHowLateItWasItself() {
        Verdict verdict =
                Verdict.of(history(100, writeDue(0, ok(3, 4)), writeDue(10, ok(52, 53))), Map.of());

        assertThat(verdict.late()).isEqualTo(ms(42));
    }

    @Test
    void saysAllInAFewLines() {
        Verdict verdict =
                Verdict.of(
                        history(
                                2000,
                                write(1, ok(0, 10)),
                                write(2, unknown(20, 1020), ok(1120, 1125)),
                                write(3, failed(40, 41), failed(141, 142)),
                                write(4, ok(60, 70)),
                                read(ok(80, 90, 1L))),
                        Map.of(KEY, List.of(2L, 4L)));

        assertThat(verdict.lost()).containsExactly(new Entry(KEY, 1));
        assertThat(verdict)
                .hasToString(
                        """
                        load of 2.0 s, itself up to 0.000 s late; longest gap of one key 0.050 s
                          writes 4: 50.000 % at once, 75.000 % with a retry; longest gap 0.050 s, p99 0.010 s
                          reads  1: 100.000 % at once, 100.000 % with a retry; longest gap 0.010 s, p99 0.010 s
                          lost 1, duplicates 0, out of order 0, unexpected 0, stale 1
                          1 not at once: no answer
                          1 not at once: refused""");
    }
}
