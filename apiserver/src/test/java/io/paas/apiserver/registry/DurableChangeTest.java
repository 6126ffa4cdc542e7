package io.paas.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.api.json.Json;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.MiddlewareCluster.DynamicGroup;
import io.paas.api.v1.ProcessState;
import io.paas.plan.cluster.GroupSize;
import java.util.List;
import org.junit.jupiter.api.Test;

class DurableChangeTest {

    private static final MiddlewareCluster CLUSTER =
            Json.read(
                    """
                    {"apiVersion":"paas.io/v1","kind":"MiddlewareCluster","metadata":{"name":"demo"},
                     "spec":{"type":"any","extensionVersion":"1.0.0","version":"1","topology":"t",
                      "dynamicGroups":[{"name":"jobs","staticGroup":"large","replicas":2}]}}
                    """,
                    MiddlewareCluster.class);

    @Test
    void leavesTheRestOfAGroupAsItIs() {
        assertThat(
                        DurableChange.ofProcesses(
                                        CLUSTER, List.of("jobs", "nodes"), ProcessState.STOPPED)
                                .groups())
                .containsExactly(
                        new DynamicGroup("jobs", "large", 2, List.of(), ProcessState.STOPPED),
                        new DynamicGroup("nodes", null, null, List.of(), ProcessState.STOPPED));
    }

    @Test
    void writesDownTheSizeOfAGroupThatTheSpecDidNotMention() {
        assertThat(DurableChange.ofSize(CLUSTER, "nodes", new GroupSize(4, List.of("2"))).groups())
                .containsExactly(
                        new DynamicGroup("jobs", "large", 2, List.of(), null),
                        new DynamicGroup("nodes", null, 4, List.of("2"), null));
        assertThat(DurableChange.ofSize(CLUSTER, "jobs", GroupSize.of(3)).groups())
                .containsExactly(new DynamicGroup("jobs", "large", 3, List.of(), null));
    }
}
