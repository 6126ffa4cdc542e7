package io.paas.controllers.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.api.v1.Operation;
import io.paas.api.v1.Operation.Control;
import io.paas.api.v1.Operation.Mode;
import io.paas.api.v1.Operation.Phase;
import io.paas.api.v1.Operation.StepState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperationPlannerTest {

    private final FakeWorld world = new FakeWorld().pods("primary", "replica", "replica");

    @Test
    void restartsReplicasFirstAndThePrimaryLast() {
        world.create(Operation.Type.RESTART, world.parameters(1, 0));

        world.runToTheEnd();

        assertThat(world.status().phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(world.status().progress()).isEqualTo("3/3");
        assertThat(world.changes())
                .containsExactly(
                        "restart demo-nodes-2", "restart demo-nodes-1", "restart demo-nodes-0");
        assertThat(world.mostAtOnce()).isEqualTo(1);
    }

    @Test
    void stopsTwoAtOnceAndWaitsFromTheEndOfAWave() {
        world.pods("primary", "replica", "replica", "replica", "replica");
        world.create(Operation.Type.STOP, world.parameters("replica", 2, 10));

        world.runToTheEnd();

        assertThat(world.mostAtOnce()).isEqualTo(2);
        assertThat(world.isUp("demo-nodes-0")).isTrue();
        List<Operation.Step> steps = world.status().steps();
        assertThat(steps).extracting(Operation.Step::wave).containsExactly(0, 0, 1, 1);
        assertThat(steps.get(2).startedAt())
                .isAfterOrEqualTo(steps.get(0).finishedAt().plusSeconds(10))
                .isAfterOrEqualTo(steps.get(1).finishedAt().plusSeconds(10));
        assertThat(steps.get(2).startedAt()).isBefore(steps.get(1).finishedAt().plusSeconds(12));
    }

    @Test
    void skipsAPodThatLostTheRole() {
        world.create(Operation.Type.STOP, world.parameters("replica", 1, 5));
        world.runUntil(() -> world.step("demo-nodes-2").state() == StepState.SUCCEEDED);

        world.role("demo-nodes-1", "primary");
        world.runToTheEnd();

        assertThat(world.step("demo-nodes-1").state()).isEqualTo(StepState.SKIPPED);
        assertThat(world.step("demo-nodes-1").message())
                .isEqualTo("demo-nodes-1 no longer has role replica; it has primary");
        assertThat(world.isUp("demo-nodes-1")).isTrue();
        assertThat(world.status().phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(world.status().progress()).isEqualTo("2/2");
    }

    @Test
    void skipsAPodThatWasPromotedBeforeItsLabelSaysSo() {
        world.create(Operation.Type.STOP, world.parameters("replica", 1, 5));
        world.runUntil(() -> world.step("demo-nodes-2").state() == StepState.SUCCEEDED);

        world.roleBeforeItsLabel("demo-nodes-1", "primary");
        world.runToTheEnd();

        assertThat(world.step("demo-nodes-1").state()).isEqualTo(StepState.SKIPPED);
        assertThat(world.step("demo-nodes-1").message())
                .isEqualTo("demo-nodes-1: the process is primary");
        assertThat(world.isUp("demo-nodes-1")).isTrue();
        assertThat(world.status().phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void movesANewPrimaryToTheEnd() {
        world.create(Operation.Type.RESTART, world.parameters(1, 5));
        world.runUntil(() -> world.step("demo-nodes-2").state() == StepState.SUCCEEDED);

        world.role("demo-nodes-1", "primary");
        world.role("demo-nodes-0", "replica");
        world.runToTheEnd();

        assertThat(world.changes())
                .containsExactly(
                        "restart demo-nodes-2", "restart demo-nodes-0", "restart demo-nodes-1");
        assertThat(world.notices()).anyMatch(notice -> notice.startsWith("Replanned"));
    }

    @Test
    void waitsForTheRestartedPodToBeReady() {
        world.create(Operation.Type.RESTART, world.parameters(1, 0));
        world.neverReadyAfterChange("demo-nodes-2");

        world.runFor(120);

        assertThat(world.step("demo-nodes-2").state()).isEqualTo(StepState.RUNNING);
        assertThat(world.status().message())
                .contains("waits for demo-nodes-2 to be Ready after its restart, since ");
        assertThat(world.changes()).containsExactly("restart demo-nodes-2");
    }

    @Test
    void doesNotTrustAReadyPodThatWasNotProbedSinceTheRestart() {
        world.create(Operation.Type.RESTART, world.parameters(1, 0));
        world.notReadyOneSecondAfterChange("demo-nodes-2", 10);

        world.runToTheEnd();

        assertThat(
                        Duration.between(
                                world.step("demo-nodes-2").startedAt(),
                                world.step("demo-nodes-2").finishedAt()))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(10));
        assertThat(world.step("demo-nodes-1").startedAt())
                .isAfterOrEqualTo(world.step("demo-nodes-2").finishedAt());
    }

    @Test
    void doesNotWaitForReadinessWhenForced() {
        world.neverReadyAfterChange("demo-nodes-2");
        world.create(
                Operation.Type.RESTART,
                Operation.Parameters.ofProcesses(
                        List.of(), null, List.of(), Mode.FORCE, null, null, null));

        world.runToTheEnd();

        assertThat(world.status().phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void triesThreeTimesThenFailsAndBeginsNothingElse() {
        world.create(Operation.Type.RESTART, world.parameters(1, 0));
        world.fail("demo-nodes-2", 99);

        world.runToTheEnd();

        assertThat(world.status().phase()).isEqualTo(Phase.FAILED);
        assertThat(world.step("demo-nodes-2").attempt()).isEqualTo(3);
        assertThat(world.status().message()).contains("demo-nodes-2: exploded (3 attempts)");
        assertThat(world.step("demo-nodes-0").state()).isEqualTo(StepState.SKIPPED);
        assertThat(world.status().progress()).isEqualTo("3/3");
    }

    @Test
    void goesOnAfterATransientFailure() {
        world.create(Operation.Type.RESTART, world.parameters(1, 0));
        world.fail("demo-nodes-1", 2);

        world.runToTheEnd();

        assertThat(world.status().phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(world.step("demo-nodes-1").attempt()).isEqualTo(3);
    }

    @Test
    void pausesBetweenStepsAndItsClockStandsMeanwhile() {
        world.create(Operation.Type.RESTART, world.parameters(1, 0));
        world.runUntil(() -> world.step("demo-nodes-2").state() == StepState.RUNNING);

        world.control(Control.PAUSE);
        world.runFor(2 * 3600);

        assertThat(world.status().phase()).isEqualTo(Phase.PAUSED);
        assertThat(world.status().progress()).isEqualTo("1/3");
        world.control(Control.RUN);
        world.runToTheEnd();
        assertThat(world.status().phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(world.status().pausedSeconds()).isBetween(7150L, 7200L);
    }

    @Test
    void failsAtTheDeadlineAndSaysWhatItWaitedFor() {
        world.create(Operation.Type.RESTART, world.parameters(1, 0));
        world.unreachable("demo-nodes-1", true);

        world.runToTheEnd();

        assertThat(world.status().phase()).isEqualTo(Phase.FAILED);
        assertThat(world.status().message())
                .contains("not done within deadlineSeconds (3600)")
                .contains("waits for the agent of demo-nodes-1");
    }

    @Test
    void cancelsBeforeTheNextStepEvenIfAnAgentIsAway() {
        world.create(Operation.Type.RESTART, world.parameters(1, 0));
        world.unreachable("demo-nodes-2", true);
        world.runFor(30);

        world.control(Control.CANCEL);
        world.runFor(5);

        assertThat(world.status().phase()).isEqualTo(Phase.CANCELLED);
        assertThat(world.changes()).isEmpty();
    }

    @Test
    void waitsForAPodThatIsMadeAgain() {
        world.create(Operation.Type.STOP, world.parameters(1, 0));
        world.runUntil(() -> world.step("demo-nodes-2").state() == StepState.RUNNING);
        world.delete("demo-nodes-2", true);
        world.runFor(60);
        assertThat(world.status().phase()).isEqualTo(Phase.RUNNING);

        world.recreate("demo-nodes-2");
        world.runToTheEnd();

        assertThat(world.status().phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(world.isUp("demo-nodes-2")).isFalse();
    }

    @Test
    void stopsAlsoAPodThatDidNotExistWhenItBegan() {
        world.delete("demo-nodes-1", true);
        world.create(Operation.Type.STOP, world.parameters(1, 0));
        world.runFor(30);
        assertThat(world.status().phase()).isEqualTo(Phase.RUNNING);

        world.recreate("demo-nodes-1");
        world.runToTheEnd();

        assertThat(world.status().phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(world.isUp("demo-nodes-1")).isFalse();
    }

    @Test
    void skipsAPodThatWasScaledIn() {
        world.create(Operation.Type.STOP, world.parameters(1, 5));
        world.runUntil(() -> world.step("demo-nodes-2").state() == StepState.SUCCEEDED);

        world.delete("demo-nodes-1", false);
        world.runToTheEnd();

        assertThat(world.step("demo-nodes-1").state()).isEqualTo(StepState.SKIPPED);
        assertThat(world.status().phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void waitsForItsTurn() {
        world.create(Operation.Type.RESTART, world.parameters(1, 0));
        world.blockedBy("demo-g4");

        world.runFor(10);

        assertThat(world.status().phase()).isEqualTo(Phase.PENDING);
        assertThat(world.status().message()).contains("waits for Operation demo-g4");
        assertThat(world.changes()).isEmpty();
    }

    @Test
    void refusesASelectionThatFitsNothing() {
        world.create(
                Operation.Type.STOP,
                Operation.Parameters.ofProcesses(
                        List.of(), null, List.of(7), null, null, null, null));

        world.runToTheEnd();

        assertThat(world.status().phase()).isEqualTo(Phase.FAILED);
        assertThat(world.status().message())
                .isEqualTo("spec.parameters.ordinals: ordinal 7 does not exist; present: 0, 1, 2");
    }

    @Test
    void waitsForASelectionThatTheCachesMayNotShowYet() {
        world.create(
                Operation.Type.STOP,
                Operation.Parameters.ofProcesses(
                        List.of(), null, List.of(3), null, null, null, null));
        world.runFor(5);
        assertThat(world.status().phase()).isEqualTo(Phase.PENDING);
        assertThat(world.status().message()).contains("ordinal 3 does not exist");

        world.recreate("demo-nodes-3");
        world.runToTheEnd();

        assertThat(world.status().phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(world.isUp("demo-nodes-3")).isFalse();
    }

    @Test
    void endsWhenItsClusterGoes() {
        world.create(Operation.Type.RESTART, world.parameters(1, 0));
        world.cluster(OperationSnapshot.ClusterState.DELETING);

        world.runToTheEnd();

        assertThat(world.status().phase()).isEqualTo(Phase.CANCELLED);
    }

    @Test
    void isDeletedWhenItsTimeIsOver() {
        world.create(Operation.Type.RESTART, world.parameters(1, 0));
        world.runToTheEnd();

        assertThat(world.isDeletedAfter(604_799)).isFalse();
        assertThat(world.isDeletedAfter(604_801)).isTrue();
    }

    @Test
    void writesNothingWhileNothingChanges() {
        world.create(Operation.Type.RESTART, world.parameters(1, 0));
        world.unreachable("demo-nodes-2", true);
        world.runFor(30);

        int writes = world.writes();
        world.runFor(60);

        assertThat(world.writes()).isEqualTo(writes);
    }

    @Test
    void tellsALostStatusAgainAndDoesNothing() {
        world.create(Operation.Type.RESTART, world.parameters(1, 0));
        world.runToTheEnd();
        Operation.Status before = world.status();
        int changes = world.changes().size();
        int notices = world.notices().size();

        world.wipeStatus();
        world.runFor(30);

        assertThat(world.changes()).hasSize(changes);
        assertThat(world.notices()).hasSize(notices);
        assertThat(world.status().phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(world.status().progress()).isEqualTo("3/3");
        assertThat(world.status().finishedAt()).isEqualTo(before.finishedAt());
    }
}
