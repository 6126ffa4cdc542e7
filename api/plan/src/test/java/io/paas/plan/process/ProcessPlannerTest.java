package io.paas.plan.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.api.json.Json;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.Operation;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProcessPlannerTest {

    private static final List<String> ORDER = List.of("replica", "primary");

    private static GroupSnapshot.Pod pod(int ordinal, String role) {
        return new GroupSnapshot.Pod("demo-nodes-" + ordinal, ordinal, role, true, "node");
    }

    private static final GroupSnapshot NODES =
            new GroupSnapshot(
                    "nodes",
                    ORDER,
                    List.of(pod(0, "primary"), pod(1, "replica"), pod(2, "replica"), pod(4, null)),
                    List.of());

    private static Operation.Parameters choose(
            List<String> groups, String role, List<Integer> ordinals, Integer maxConcurrent) {
        return Operation.Parameters.ofProcesses(
                groups, role, ordinals, null, null, maxConcurrent, null);
    }

    private static String plan(Operation.Type type, Operation.Parameters parameters) {
        return plan(NODES, type, parameters);
    }

    private static String plan(
            GroupSnapshot group, Operation.Type type, Operation.Parameters parameters) {
        return switch (ProcessPlanner.plan(type, List.of(group), parameters)) {
            case PlanOutcome.Planned(ProcessPlan plan) -> plan.toString();
            case PlanOutcome.Refused(List<PlanOutcome.Problem> problems) -> problems.toString();
        };
    }

    @Test
    void takesReplicasFirstThenTheUnknownThenThePrimary() {
        assertThat(plan(Operation.Type.RESTART, choose(List.of(), null, List.of(), null)))
                .isEqualTo("Restart demo-nodes-2 | demo-nodes-1 | demo-nodes-4 | demo-nodes-0");
    }

    @Test
    void neverPutsThePrimaryIntoAWaveWithReplicas() {
        assertThat(plan(Operation.Type.STOP, choose(List.of(), null, List.of(), 10)))
                .isEqualTo("Stop demo-nodes-2 demo-nodes-1 | demo-nodes-4 | demo-nodes-0");
    }

    @Test
    void startsThePrimaryFirst() {
        assertThat(plan(Operation.Type.START, choose(List.of("nodes"), null, List.of(), 2)))
                .isEqualTo("Start demo-nodes-0 | demo-nodes-4 | demo-nodes-1 demo-nodes-2");
    }

    @Test
    void takesOnlyTheChosenRoleAndOrdinals() {
        assertThat(plan(Operation.Type.RESTART, choose(List.of(), "replica", List.of(1, 2), 2)))
                .isEqualTo("Restart demo-nodes-2 demo-nodes-1");
    }

    @Test
    void cutsIntoWavesOfTheGivenSize() {
        // given
        GroupSnapshot five =
                new GroupSnapshot(
                        "nodes",
                        List.of(),
                        Stream.of(0, 1, 2, 3, 4).map(i -> pod(i, null)).toList(),
                        List.of());

        // when
        PlanOutcome outcome =
                ProcessPlanner.plan(
                        Operation.Type.RESTART,
                        List.of(five),
                        choose(List.of(), null, List.of(), 2));

        // then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        PlanOutcome.Planned.class,
                        p ->
                                assertThat(p.plan())
                                        .hasToString(
                                                "Restart demo-nodes-4 demo-nodes-3 | demo-nodes-2"
                                                        + " demo-nodes-1 | demo-nodes-0"));
    }

    @Test
    void refusesWhatDoesNotExistAndListsWhatDoes() {
        assertThat(plan(Operation.Type.STOP, choose(List.of("shards"), null, List.of(), null)))
                .contains("there is no group 'shards'; present: nodes");
        assertThat(plan(Operation.Type.STOP, choose(List.of(), null, List.of(7), null)))
                .contains("ordinal 7 does not exist; present: 0, 1, 2, 4");
        assertThat(plan(Operation.Type.STOP, choose(List.of(), "leader", List.of(), null)))
                .contains("no Pod has role 'leader'; present: primary, replica");
        assertThat(plan(Operation.Type.STOP, choose(List.of(), "replica", List.of(0), null)))
                .contains("none of the chosen ordinals has role 'replica'");
    }

    @Test
    void wantsAGroupForOrdinalsWhenThereAreSeveral() {
        // given
        GroupSnapshot other =
                new GroupSnapshot("proxies", List.of(), List.of(pod(0, null)), List.of());

        // when
        PlanOutcome outcome =
                ProcessPlanner.plan(
                        Operation.Type.STOP,
                        List.of(NODES, other),
                        choose(List.of(), null, List.of(0), null));

        // then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        PlanOutcome.Refused.class,
                        refused ->
                                assertThat(refused.problems().getFirst().field())
                                        .isEqualTo("selector.groups"));
    }

    @Test
    void meansAPodThatIsBeingMadeAgainWhenWholeGroupsAreStartedOrStopped() {
        ExPodSet set =
                Json.read(
                        """
                        {"metadata": {"name": "demo-nodes",
                                      "labels": {"middleware.paas.io/group": "nodes"}},
                         "spec": {"replicas": 3, "offlineOrdinals": ["1"], "serviceName": "s",
                                  "restartOrder": ["replica", "primary"],
                                  "selector": {"matchLabels": {"a": "b"}}, "template": {}}}
                        """,
                        ExPodSet.class);
        GroupSnapshot nodes = GroupSnapshot.of(set, List.of(pod(0, "primary"), pod(3, "replica")));

        assertThat(plan(nodes, Operation.Type.STOP, choose(List.of(), null, List.of(), null)))
                .isEqualTo("Stop demo-nodes-3 | demo-nodes-2 | demo-nodes-0");
        assertThat(plan(nodes, Operation.Type.START, choose(List.of("nodes"), null, List.of(), 9)))
                .isEqualTo("Start demo-nodes-0 | demo-nodes-2 | demo-nodes-3");
        assertThat(plan(nodes, Operation.Type.RESTART, choose(List.of(), null, List.of(), null)))
                .isEqualTo("Restart demo-nodes-3 | demo-nodes-0");
        assertThat(plan(nodes, Operation.Type.STOP, choose(List.of(), null, List.of(2), null)))
                .contains("ordinal 2 does not exist; present: 0, 3");
    }

    @Test
    void saysWhenThereIsNobody() {
        assertThat(
                        ProcessPlanner.plan(
                                Operation.Type.STOP,
                                List.of(new GroupSnapshot("nodes", ORDER, List.of(), List.of())),
                                choose(List.of(), null, List.of(), null)))
                .isInstanceOf(PlanOutcome.Refused.class);
    }
}
