package io.paas.plan.expodset;

import static io.paas.plan.expodset.SetBuilder.aSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodCondition;
import io.kubernetes.client.openapi.models.V1PodReadinessGate;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1PodStatus;
import io.paas.api.meta.Labels;
import io.paas.api.meta.Names;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Services lead to members only, and a member is who has joined.
final class JoinedGateTest {

    private static final OffsetDateTime START = OffsetDateTime.parse("2026-01-01T00:00:00Z");

    @Test
    void aPodThatHasNotJoinedIsUpForItsSetAlone() {
        ObservedPod pod = pod(0, List.of(Names.JOINED_GATE), "ContainersReady");

        assertThat(pod.isReady()).isTrue();
        assertThat(pod.isServing()).isFalse();
        assertThat(
                        pod(0, List.of(Names.JOINED_GATE), "ContainersReady", Names.JOINED_GATE)
                                .isReady())
                .as("its kubelet, or its node, says no")
                .isFalse();
        assertThat(pod(0, List.of(Names.JOINED_GATE, "mine"), "ContainersReady").isReady())
                .as("somebody else's gate")
                .isFalse();
        assertThat(pod(0, List.of(), "Ready").isServing()).isTrue();
    }

    @Test
    void membersAreLetInAndOthersAreNot() {
        SetBuilder set =
                aSet().hook("0-1")
                        .observed(gated(0))
                        .observed(gated(1, Names.JOINED_GATE))
                        .observed(gated(2));

        assertThat(gates(set)).containsExactly(new PodAction.GatePod(0, "s-0", "uid-0", true));
    }

    @Test
    void whoLeavesIsShutOutAtOnce() {
        SetBuilder set =
                aSet().replicas(1)
                        .hook("0-1")
                        .observed(gated(0, Names.JOINED_GATE))
                        .observed(gated(1, Names.JOINED_GATE));

        assertThat(gates(set)).containsExactly(new PodAction.GatePod(1, "s-1", "uid-1", false));
    }

    @Test
    void aSetThatLostItsHookLetsEverybodyIn() {
        SetBuilder set = aSet().replicas(1).observed(gated(0));

        assertThat(gates(set)).containsExactly(new PodAction.GatePod(0, "s-0", "uid-0", true));
    }

    private static List<PodAction> gates(SetBuilder set) {
        return ExPodSetPlanner.plan(set.snapshot()).actions().stream()
                .filter(PodAction.GatePod.class::isInstance)
                .toList();
    }

    private static ObservedPod gated(int ordinal, String... more) {
        return pod(
                ordinal,
                List.of(Names.JOINED_GATE),
                Stream.concat(Stream.of("ContainersReady"), Stream.of(more))
                        .toArray(String[]::new));
    }

    /// @param conditions that are True
    private static ObservedPod pod(int ordinal, List<String> gates, String... conditions) {
        V1PodSpec spec = new V1PodSpec();
        gates.forEach(
                gate -> spec.addReadinessGatesItem(new V1PodReadinessGate().conditionType(gate)));
        V1PodStatus status = new V1PodStatus().phase("Running").podIP("10.0.0.1").startTime(START);
        for (String type : conditions) {
            status.addConditionsItem(
                    new V1PodCondition()
                            .type(type)
                            .status("True")
                            .lastTransitionTime(START.plusSeconds(9)));
        }
        V1ObjectMeta metadata =
                new V1ObjectMeta()
                        .name("s-" + ordinal)
                        .uid("uid-" + ordinal)
                        .labels(Map.of(Labels.REVISION, "s-new"))
                        .creationTimestamp(START);
        return ObservedPod.of(ordinal, new V1Pod().metadata(metadata).spec(spec).status(status));
    }
}
