package io.paas.controllers.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.api.json.Json;
import io.paas.api.v1.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {

    private final Turns turns = new Turns();
    private final Operation first = operation("first", 1);
    private final Operation second = operation("second", 2);

    @Test
    void theOldestGoesFirst() {
        assertThat(turns.take(second, List.of(first, second))).isEqualTo("first");
        assertThat(turns.take(first, List.of(first, second))).isNull();
    }

    @Test
    void isKeptUntilItIsGivenBack() {
        turns.take(second, List.of(second));
        assertThat(turns.take(first, List.of(first, second))).isEqualTo("second");

        turns.release(second);

        assertThat(turns.take(first, List.of(first, second))).isNull();
    }

    /// Deleted between its look and its write: nobody is left to give the turn back.
    @Test
    void goesOnWhenItsHolderIsNoMore() {
        turns.take(first, List.of(first, second));

        assertThat(turns.take(second, List.of(second))).isNull();
    }

    /// The cache may not show a new one yet.
    @Test
    void isTakenByOneThatTheCacheDoesNotShow() {
        assertThat(turns.take(first, List.of())).isNull();
        assertThat(turns.take(first, List.of())).isNull();
    }

    private static Operation operation(String name, int second) {
        return Json.read(
                """
                {"metadata": {"namespace": "ns", "name": "%s",
                              "creationTimestamp": "2026-01-01T00:00:0%dZ"},
                 "spec": {"type": "Restart", "cluster": "demo"}}
                """
                        .formatted(name, second),
                Operation.class);
    }
}
