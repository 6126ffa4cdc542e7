package io.paas.controllers.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {

    private static final Map<String, String> LABELS = Map.of("env", "prod", "a.io/tier", "db");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "env=prod",
                "env == prod",
                "env!=test",
                "absent!=x",
                "env in (test, prod)",
                "env notin (test,dev)",
                "absent notin (x)",
                "env",
                "!absent",
                "env=prod,a.io/tier in (db,cache),!absent"
            })
    void matches(String selector) {
        assertThat(Selector.parse(selector).matches(LABELS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "env=test",
                "env=",
                "env!=prod",
                "env in (test)",
                "absent in (x)",
                "env notin (prod)",
                "absent",
                "!env",
                "env=prod,absent"
            })
    void doesNotMatch(String selector) {
        assertThat(Selector.parse(selector).matches(LABELS)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "env=prod,", "env in prod", "env in ()", "env = a b", "=x", "e/n/v"})
    void saysWhichPartIsWrong(String selector) {
        assertThatThrownBy(() -> Selector.parse(selector))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("cannot read '");
    }

    @Test
    void everythingMatchesWithoutLabels() {
        assertThat(Selector.EVERYTHING.matches(Map.of())).isTrue();
    }
}
