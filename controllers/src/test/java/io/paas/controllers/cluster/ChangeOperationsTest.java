package io.paas.controllers.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.paas.api.json.Json;
import io.paas.api.meta.Annotations;
import io.paas.api.v1.Condition;
import io.paas.api.v1.HeldChange;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.MiddlewareCluster.StaticGroup;
import io.paas.api.v1.Operation;
import io.paas.api.v1.Operation.Phase;
import io.paas.api.v1.OperationOutcome;
import io.paas.api.v1.ProcessState;
import io.paas.api.v1.RetryRequest;
import io.paas.controllers.runtime.Conditions;
import io.paas.kube.client.ObjectKey;
import io.paas.plan.cluster.ClusterInputs;
import io.paas.plan.cluster.ClusterPlan;
import io.paas.plan.cluster.ClusterSnapshot;
import io.paas.plan.cluster.GroupSize;
import io.paas.plan.cluster.GroupState;
import io.paas.plan.cluster.Revision;
import io.paas.plan.cluster.RevisionContent;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Which Operation follows from a difference. The difference here: group `nodes` has 3 Pods and is
/// to have `replicas`.
final class ChangeOperationsTest {

    private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-01-01T00:00:00Z");

    private final List<Operation> history = new ArrayList<>();
    private long generation = 2;
    private int replicas = 5;
    private boolean paused;
    private HeldChange held;
    private String retry;
    private Revision target = revision();

    @Test
    void makesOneOperationHoweverOftenItLooks() {
        Operation first = decide().create();

        assertThat(first.metadata().getName()).isEqualTo("demo-g2");
        assertThat(first.spec().type()).isEqualTo(Operation.Type.SCALE_OUT);
        assertThat(decide().create().metadata().getName())
                .as("a cache that does not show it: the server refuses the same name")
                .isEqualTo("demo-g2");
        history.add(first);
        assertThat(decide().create()).isNull();
        assertThat(decide().superseded()).isEmpty();
    }

    /// Group `nodes` is moved to the new revision when the Operation has ended, not by it.
    @Test
    void whatAnOperationHasDefinedNeedsNoSecondOne() {
        replicas = 3;
        target = revision("demo-b", List.of(new StaticGroup("large", "node", null)));
        Operation first = decide().create();
        assertThat(first.spec().transition().changes())
                .extracting(Operation.Change::action)
                .containsExactly(Operation.Action.DEFINE);

        history.add(ended(first, Phase.SUCCEEDED, "Succeeded"));
        assertThat(decide().create()).isNull();

        history.add(ended(operationTo("demo-c"), Phase.SUCCEEDED, "Succeeded"));
        assertThat(decide().create()).as("back from another revision").isNotNull();
    }

    private static Operation operationTo(String revision) {
        return Json.read(
                """
                {"metadata": {"namespace": "ns", "name": "demo-g9"},
                 "spec": {"type": "TemplateChange", "cluster": "demo",
                          "transition": {"generation": 9, "toRevision": "%s"}}}
                """
                        .formatted(revision),
                Operation.class);
    }

    @Test
    void whatFailedIsTriedAgainOnceForEachWish() {
        history.add(ended(decide().create(), Phase.FAILED, "DeadlineExceeded"));
        held = decide().hold();
        retry = "demo-g2";

        Operation again = decide().create();
        assertThat(again.metadata().getName()).isEqualTo("demo-g2-2");
        assertThat(again.spec().retryOf()).isEqualTo("demo-g2");
        assertThat(again.spec().requestedBy().user()).isEqualTo("jane");

        history.add(again);
        assertThat(decide().create()).as("while it runs").isNull();
        history.set(1, ended(again, Phase.FAILED, "DeadlineExceeded"));
        assertThat(decide().create()).as("the wish was of the first one").isNull();
        assertThat(decide().hold().operation()).isEqualTo("demo-g2-2");
    }

    /// Its ExPodSet was told already what the spec says, and is not there yet.
    @Test
    void aRetryFinishesGroupsThatStandAsTheSpecSays() {
        history.add(ended(decide().create(), Phase.FAILED, "DeadlineExceeded"));
        replicas = 3;
        assertThat(decide().create()).isNull();

        retry = "demo-g2";

        assertThat(decide().create().spec().transition().changes())
                .extracting(Operation.Change::summary)
                .containsExactly("finish group nodes: 3 Pods");
    }

    @Test
    void givesLargeGroupsMoreTime() {
        assertThat(decide().create().spec().deadlineSeconds()).isEqualTo(3600);
        replicas = 100;
        assertThat(decide().create().spec().deadlineSeconds()).isEqualTo(30_000);
    }

    @Test
    void takesAnotherNameWhenTheFirstIsTaken() {
        assertThat(decide("demo-g2").create().metadata().getName()).isEqualTo("demo-g2-2");
        history.add(ended(decide().create(), Phase.SUCCEEDED, "Succeeded"));
        assertThat(decide().create().metadata().getName()).isEqualTo("demo-g2-2");
    }

    @Test
    void anOvertakenOperationEndsAndIsFollowedByAnother() {
        history.add(decide().create());
        generation = 3;
        replicas = 7;

        ChangeOperations decision = decide();

        assertThat(decision.superseded()).containsExactly(history.getFirst());
        assertThat(decision.create().metadata().getName()).isEqualTo("demo-g3");
        history.add(decision.create());
        assertThat(decide().superseded())
                .as("killed between the two writes")
                .containsExactly(history.getFirst());
        assertThat(decide().create()).isNull();
    }

    /// It was paused in its last step, is resumed, and finds an edit that came meanwhile.
    @Test
    void anOperationWithNothingLeftComesToItsOwnEnd() {
        Operation last = decide().create();
        history.add(withStep(last, Operation.StepState.SUCCEEDED));
        generation = 3;
        replicas = 7;

        assertThat(decide().superseded()).isEmpty();
        assertThat(decide().create()).isNull();

        history.set(0, withStep(last, Operation.StepState.RUNNING));
        assertThat(decide().superseded()).hasSize(1);
    }

    private static Operation withStep(Operation operation, Operation.StepState state) {
        Operation.Step step =
                new Operation.Step("Scale-nodes", null, "nodes", null, state, 1, NOW, null, null);
        return new Operation(
                operation.apiVersion(),
                operation.kind(),
                operation.metadata(),
                operation.spec(),
                new Operation.Status(
                        null,
                        Phase.RUNNING,
                        "0/1",
                        null,
                        NOW,
                        null,
                        null,
                        null,
                        List.of(step),
                        List.of()));
    }

    @Test
    void aRevertedEditEndsItsOperationAndNeedsNoOther() {
        history.add(decide().create());
        generation = 3;
        replicas = 3;

        assertThat(decide().superseded()).hasSize(1);
        assertThat(decide().create()).isNull();
    }

    @Test
    void anEditOfSomethingElseLeavesItAlone() {
        history.add(decide().create());
        generation = 3;

        assertThat(decide().superseded()).isEmpty();
        assertThat(decide().create()).isNull();
    }

    @Test
    void aFailureIsHeldUntilTheSpecChanges() {
        Operation failed = ended(decide().create(), Phase.FAILED, "DeadlineExceeded");
        history.add(failed);

        ChangeOperations decision = decide();
        assertThat(decision.create()).isNull();
        assertThat(decision.hold())
                .isEqualTo(new HeldChange(2, "demo-g2", "DeadlineExceeded", "why"));
        held = decision.hold();
        history.clear();
        assertThat(decide().create()).as("when its Operation is long deleted").isNull();
        assertThat(decide().hold()).as("written once").isNull();
        assertThat(decide().held()).isEqualTo(held);

        generation = 3;
        assertThat(decide().create().metadata().getName()).isEqualTo("demo-g3");
        assertThat(decide().held()).isNull();
    }

    /// Another one had the turn all the time.
    @Test
    void whatNeverBeganIsTriedAgain() {
        history.add(ended(decide().create(), Phase.FAILED, "DeadlineExceeded", null));

        assertThat(decide().hold()).isNull();
        assertThat(decide().create().metadata().getName()).isEqualTo("demo-g2-2");
    }

    @Test
    void processesThatDoNotObeyAreTold() {
        replicas = 3;
        assertThat(synced().reason())
                .as("nothing is known of the ExPodSet")
                .isEqualTo("Progressing");
        Operation stop =
                new Operation(
                        Kind.API_VERSION,
                        Kind.OPERATION.kind(),
                        new V1ObjectMeta().namespace("ns").name("demo-g2"),
                        new Operation.Spec(
                                Operation.Type.STOP,
                                "demo",
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null),
                        null);
        history.add(ended(stop, Phase.FAILED, "DeadlineExceeded"));

        assertThat(synced().isTrue()).isFalse();
        assertThat(synced().reason()).isEqualTo("DeadlineExceeded");
        assertThat(synced().message()).contains("demo-g2", "why");
        generation = 3;
        assertThat(synced().reason()).as("of another spec").isEqualTo("Progressing");
    }

    private Condition synced() {
        ClusterWorld world = world();
        MiddlewareCluster.Status status =
                ClusterReport.of(
                        world,
                        plan(),
                        ClusterRound.of(world, plan()),
                        List.of(),
                        new Conditions(List.of(), generation, NOW.toInstant()));
        return Conditions.find(status.conditions(), "Synced").orElseThrow();
    }

    @Test
    void aSupersededOperationIsNoFailure() {
        history.add(ended(decide().create(), Phase.CANCELLED, "Superseded"));

        assertThat(decide().hold()).isNull();
        assertThat(decide().create().metadata().getName()).isEqualTo("demo-g2-2");
    }

    @Test
    void aPausedClusterStaysAsItIs() {
        paused = true;

        assertThat(decide().create()).isNull();
        assertThat(decide().follows()).isFalse();
    }

    private ChangeOperations decide(String... taken) {
        return ChangeOperations.of(world(), plan(), Set.of(taken));
    }

    private ClusterPlan.Run plan() {
        return new ClusterPlan.Run(
                target,
                true,
                List.of(
                        new ClusterPlan.Group(
                                revision().content().groups().getFirst(),
                                GroupSize.of(replicas),
                                ProcessState.RUNNING)),
                List.of());
    }

    private ClusterWorld world() {
        V1ObjectMeta metadata =
                new V1ObjectMeta().namespace("ns").name("demo").uid("u").generation(generation);
        if (held != null) {
            metadata.putAnnotationsItem(Annotations.HELD, Json.write(held));
        }
        if (retry != null) {
            metadata.putAnnotationsItem(
                    Annotations.RETRY, Json.write(new RetryRequest(retry, "jane", "again", "a1")));
        }
        MiddlewareCluster.Spec spec =
                Json.read(
                        "{\"type\":\"store\",\"extensionVersion\":\"1\",\"version\":\"1\","
                                + "\"topology\":\"t\",\"paused\":"
                                + paused
                                + "}",
                        MiddlewareCluster.Spec.class);
        GroupState nodes =
                new GroupState(
                        "nodes",
                        revision().name(),
                        GroupSize.of(3),
                        ProcessState.RUNNING,
                        false,
                        null);
        return new ClusterWorld(
                new ObjectKey("ns", "demo"),
                new MiddlewareCluster(Kind.API_VERSION, "MiddlewareCluster", metadata, spec, null),
                new ClusterSnapshot(
                        "demo",
                        "ns",
                        spec,
                        null,
                        "",
                        List.of(revision()),
                        Map.of("nodes", nodes),
                        () -> false),
                Map.of(),
                List.copyOf(history));
    }

    private static Revision revision() {
        return revision("demo-a", List.of());
    }

    private static Revision revision(String name, List<StaticGroup> staticGroups) {
        RevisionContent.Group nodes =
                new RevisionContent.Group(
                        "nodes",
                        "node",
                        null,
                        new RevisionContent.Size("pod", 1, 1, 9, 3),
                        List.of(),
                        JsonNodeFactory.instance.objectNode(),
                        List.of(),
                        Map.of(),
                        List.of(),
                        null);
        ClusterInputs inputs =
                new ClusterInputs(
                        "store-1",
                        "d",
                        "1",
                        "1",
                        "t",
                        Map.of(),
                        staticGroups,
                        List.of(),
                        null,
                        null,
                        null,
                        List.of());
        return new Revision(
                name,
                1,
                new RevisionContent(inputs, "store", List.of(), List.of(), List.of(nodes)));
    }

    private static Operation ended(Operation operation, Phase phase, String reason) {
        return ended(operation, phase, reason, NOW);
    }

    private static Operation ended(
            Operation operation, Phase phase, String reason, @Nullable OffsetDateTime began) {
        operation
                .metadata()
                .putAnnotationsItem(
                        Annotations.OUTCOME,
                        Json.write(new OperationOutcome(phase, reason, "why", "0/1", began, NOW)));
        return operation;
    }
}
