package io.paas.plan.expodset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OrdinalSetTest {

    @Test
    void runningSetSkipsNumbersAndRanges() {
        assertThat(OrdinalSet.parse(List.of("2", "5-7")).running(6))
                .containsExactly(0, 1, 3, 4, 8, 9);
        assertThat(OrdinalSet.parse(List.of()).running(3)).containsExactly(0, 1, 2);
        assertThat(OrdinalSet.parse(List.of("0-1")).running(0)).isEmpty();
    }

    @Test
    void takingTwoOfFiveOutKeepsTheOthersAndLaterTakesFive() {
        OrdinalSet offline = OrdinalSet.parse(List.of("2"));

        assertThat(offline.running(4)).containsExactly(0, 1, 3, 4);
        assertThat(offline.running(5)).containsExactly(0, 1, 3, 4, 5);
    }

    @Test
    void textIsShortAndReadable() {
        assertThat(OrdinalSet.text(new TreeSet<>(List.of(0, 1, 3, 4, 5, 9))))
                .isEqualTo("0-1,3-5,9");
        assertThat(OrdinalSet.parseText("0-1,9").contains(9)).isTrue();
        assertThat(OrdinalSet.parseText("").contains(0)).isFalse();
    }

    @Test
    void equalSetsAreWrittenEqually() {
        assertThat(OrdinalSet.parse(List.of("7", "2-3", "4", "3")).normalized().toTexts())
                .containsExactly("2-4", "7");
        assertThat(OrdinalSet.of(List.of(5, 1, 2)).toTexts()).containsExactly("1-2", "5");
    }

    @Test
    void takesOrdinalsOutOfRanges() {
        OrdinalSet offline = OrdinalSet.parse(List.of("2-5", "9"));

        assertThat(offline.without(new TreeSet<>(List.of(3, 9))).toTexts())
                .containsExactly("2", "4-5");
        assertThat(offline.without(new TreeSet<>(List.of(2, 5))).toTexts())
                .containsExactly("3-4", "9");
        assertThat(offline.without(new TreeSet<>(List.of(7)))).isEqualTo(offline);
    }

    @Test
    void refusesWhatIsNoOrdinal() {
        assertThatThrownBy(() -> OrdinalSet.parse(List.of("2-x")))
                .hasMessage("'2-x' is neither an ordinal nor a range");
    }
}
