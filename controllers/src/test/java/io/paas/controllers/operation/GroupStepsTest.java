package io.paas.controllers.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.paas.api.json.Json;
import io.paas.api.meta.Annotations;
import io.paas.api.v1.Kind;
import io.paas.api.v1.Operation;
import io.paas.api.v1.Operation.Action;
import io.paas.api.v1.Operation.Change;
import io.paas.api.v1.Operation.Control;
import io.paas.api.v1.Operation.Phase;
import io.paas.api.v1.Operation.StepState;
import io.paas.api.v1.OperationOutcome;
import io.paas.api.v1.ProcessState;
import io.paas.controllers.operation.OperationSnapshot.ClusterState;
import io.paas.plan.cluster.GroupSize;
import io.paas.plan.cluster.GroupState;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A TopologyChange, round by round, with ExPodSets that the test moves.
final class GroupStepsTest {

    private static final List<Change> CHANGES =
            List.of(
                    new Change(Action.DEFINE, "large", null, List.of(), "add static group large"),
                    new Change(Action.ADD, "jobs", 2, List.of(), "add group jobs: 2 Pods"),
                    new Change(
                            Action.SCALE, "nodes", 5, List.of(), "scale group nodes: 3 -> 5 Pods"),
                    new Change(Action.REMOVE, "old", 0, List.of(), "remove group old: 1 Pod"));

    private final Map<String, GroupState> states = new HashMap<>();
    private OffsetDateTime now = OffsetDateTime.parse("2026-01-01T00:00:00Z");
    private Operation operation = operation(Control.RUN);
    private boolean paused;

    GroupStepsTest() {
        stands("nodes", "demo-a", 3, null);
        stands("old", "demo-a", 1, null);
    }

    @Test
    void doesOneGroupAfterTheOther() {
        round();

        assertThat(operation.status().progress()).isEqualTo("1/4");
        assertThat(running()).isEqualTo("Add-jobs");
        assertThat(operation.status().message())
                .isEqualTo(
                        "step 2 of 4: Add-jobs: waits for its ExPodSet to be made, since " + now);
        assertThat(operation.status().steps().get(2).message())
                .isEqualTo("scale group nodes: 3 -> 5 Pods");

        stands("jobs", "demo-b", 2, "2 Pods to be Ready (now 1)");
        round();
        assertThat(running()).isEqualTo("Add-jobs");
        assertThat(operation.status().message()).contains("waits for 2 Pods to be Ready (now 1)");

        stands("jobs", "demo-b", 2, null);
        round();
        assertThat(running()).isEqualTo("Scale-nodes");

        stands("nodes", "demo-b", 5, null);
        round();
        assertThat(running()).isEqualTo("Remove-old");

        states.remove("old");
        round();
        assertThat(operation.status().phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(operation.status().progress()).isEqualTo("4/4");
    }

    @Test
    void writesNothingWhileItWaits() {
        round();

        assertThat(plan().status()).isNull();
    }

    @Test
    void goesOnAfterItsStatusIsLost() {
        round();
        stands("jobs", "demo-b", 2, null);
        stands("nodes", "demo-b", 5, null);
        status(null);

        round();

        assertThat(running()).isEqualTo("Remove-old");
        assertThat(operation.status().progress()).isEqualTo("3/4");
    }

    @Test
    void pausesBetweenGroups() {
        round();
        control(Control.PAUSE);
        round();
        assertThat(operation.status().phase()).isEqualTo(Phase.RUNNING);

        stands("jobs", "demo-b", 2, null);
        round();
        assertThat(operation.status().phase()).isEqualTo(Phase.PAUSED);
        assertThat(running()).isEqualTo("none");

        control(Control.RUN);
        round();
        assertThat(running()).isEqualTo("Scale-nodes");
    }

    @Test
    void cancelEndsItAtOnce() {
        round();
        control(Control.CANCEL);

        round();

        assertThat(operation.status().phase()).isEqualTo(Phase.CANCELLED);
        assertThat(states()).containsExactly("SUCCEEDED", "SKIPPED", "SKIPPED", "SKIPPED");
    }

    @Test
    void failsAtItsDeadline() {
        round();
        now = now.plusSeconds(3601);

        round();

        assertThat(operation.status().phase()).isEqualTo(Phase.FAILED);
        assertThat(operation.status().message())
                .isEqualTo(
                        "not done within deadlineSeconds (3600): step 2 of 4: Add-jobs: waits for"
                                + " its ExPodSet to be made, since 2026-01-01T00:00Z");
        assertThat(states()).containsExactly("SUCCEEDED", "FAILED", "SKIPPED", "SKIPPED");
    }

    @Test
    void endsAsTheClusterControllerRecorded() {
        round();
        OperationOutcome outcome =
                new OperationOutcome(
                        Phase.CANCELLED, "Superseded", "changed again", "1/4", now, now);
        operation.metadata().putAnnotationsItem(Annotations.OUTCOME, Json.write(outcome));

        round();

        assertThat(operation.status().phase()).isEqualTo(Phase.CANCELLED);
        assertThat(states()).containsExactly("SUCCEEDED", "SKIPPED", "SKIPPED", "SKIPPED");
    }

    @Test
    void beginsNothingInAPausedCluster() {
        paused = true;

        round();

        assertThat(running()).isEqualTo("none");
        assertThat(operation.status().message()).contains("spec.paused");
    }

    private void stands(String group, String revision, int replicas, String waitsFor) {
        states.put(
                group,
                new GroupState(
                        group,
                        revision,
                        GroupSize.of(replicas),
                        ProcessState.RUNNING,
                        false,
                        waitsFor));
    }

    private void round() {
        Operation.Status status = plan().status();
        if (status != null) {
            status(status);
        }
    }

    private OperationPlan plan() {
        return OperationPlanner.plan(
                new OperationSnapshot(
                        operation,
                        ClusterState.PRESENT,
                        null,
                        List.of(),
                        Set.of(),
                        Map.copyOf(states),
                        paused,
                        Map.of(),
                        Map.of(),
                        now));
    }

    private String running() {
        return operation.status().steps().stream()
                .filter(step -> step.state() == StepState.RUNNING)
                .map(Operation.Step::name)
                .findFirst()
                .orElse("none");
    }

    private List<String> states() {
        return operation.status().steps().stream().map(step -> step.state().name()).toList();
    }

    private void status(Operation.Status status) {
        operation =
                new Operation(
                        operation.apiVersion(),
                        operation.kind(),
                        operation.metadata(),
                        operation.spec(),
                        status);
    }

    private void control(Control control) {
        Operation.Status status = operation.status();
        operation = operation(control);
        status(status);
    }

    private Operation operation(Control control) {
        return new Operation(
                Kind.API_VERSION,
                "Operation",
                new V1ObjectMeta()
                        .name("demo-g2")
                        .namespace("default")
                        .uid("u1")
                        .generation(1L)
                        .creationTimestamp(OffsetDateTime.parse("2026-01-01T00:00:00Z")),
                new Operation.Spec(
                        Operation.Type.TOPOLOGY_CHANGE,
                        "demo",
                        null,
                        new Operation.Transition(2, "demo-a", "demo-b", CHANGES),
                        null,
                        null,
                        null,
                        null,
                        control),
                null);
    }
}
