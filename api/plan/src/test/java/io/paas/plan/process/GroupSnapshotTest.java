package io.paas.plan.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupSnapshotTest {

    @Test
    void readsTheOrdinalFromThePodsName() {
        assertThat(GroupSnapshot.ordinal("demo-nodes", "demo-nodes-0")).hasValue(0);
        assertThat(GroupSnapshot.ordinal("demo-nodes", "demo-nodes-12")).hasValue(12);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo-nodes",
                "demo-nodes-",
                "demo-nodes-x",
                "demo-nodes-01",
                "demo-nodes-9999999999",
                "demo-nodes-a-1",
                "demo-1"
            })
    void passesOverAPodOfAnotherName(String pod) {
        assertThat(GroupSnapshot.ordinal("demo-nodes", pod)).isEmpty();
    }
}
