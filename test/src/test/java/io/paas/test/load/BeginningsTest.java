package io.paas.test.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BeginningsTest {

    private final Beginnings beginnings = new Beginnings();

    @Test
    void eachListStaysAsItWas() {
        List<Long> empty = beginnings.keep("k", List.of());
        List<Long> two = beginnings.keep("k", List.of(1L, 2L));
        List<Long> one = beginnings.keep("k", List.of(1L));
        List<Long> three = beginnings.keep("k", List.of(1L, 2L, 3L));

        assertThat(empty).isEmpty();
        assertThat(one).containsExactly(1L);
        assertThat(two).containsExactly(1L, 2L);
        assertThat(three).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aListThatIsNoBeginningIsKeptAsItIs() {
        List<Long> first = beginnings.keep("k", List.of(1L, 2L));
        List<Long> other = beginnings.keep("k", List.of(2L, 1L, 3L));
        List<Long> shrunk = beginnings.keep("k", List.of(3L));

        assertThat(first).containsExactly(1L, 2L);
        assertThat(other).containsExactly(2L, 1L, 3L);
        assertThat(shrunk).containsExactly(3L);
    }

    @Test
    void keysAreApart() {
        assertThat(beginnings.keep("a", List.of(1L))).containsExactly(1L);
        assertThat(beginnings.keep("b", List.of(2L))).containsExactly(2L);
        assertThat(beginnings.keep("a", List.of(1L, 3L))).containsExactly(1L, 3L);
    }
}
