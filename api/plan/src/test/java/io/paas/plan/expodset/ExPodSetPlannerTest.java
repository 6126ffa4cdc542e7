package io.paas.plan.expodset;

import static io.paas.plan.expodset.SetBuilder.NOW;
import static io.paas.plan.expodset.SetBuilder.aSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.paas.api.v1.ExPodSet.UpdateType;
import io.paas.plan.expodset.ExPodSetSnapshot.HookPhase;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ExPodSetPlannerTest {

    @Test
    void doesNothingWhenAllIsAsDesired() {
        assertThat(plan(aSet().ready("s-new", 0, 1, 2))).isEmpty();
    }

    @Test
    void createsAllMissingPodsAtOnceWhenParallel() {
        assertThat(plan(aSet().replicas(3))).containsExactly("+0", "+1", "+2");
    }

    @Test
    void createsOneByOneWhenOrdered() {
        assertThat(plan(aSet().ordered())).containsExactly("+0");
        assertThat(plan(aSet().ordered().neverReady("s-new", 0))).isEmpty();
        assertThat(plan(aSet().ordered().ready("s-new", 0))).containsExactly("+1");
    }

    @Test
    void deletesOnlyTheNamedOrdinal() {
        assertThat(plan(aSet().replicas(4, "2").ready("s-new", 0, 1, 2, 3, 4)))
                .containsExactly("-2 SCALED_IN");
    }

    @Test
    void scalesInFromTheTopOneByOneWhenOrdered() {
        assertThat(plan(aSet().ordered().replicas(1).ready("s-new", 0, 1, 2)))
                .containsExactly("-2 SCALED_IN");
        assertThat(plan(aSet().ordered().replicas(1).ready("s-new", 0, 1).terminating(2)))
                .isEmpty();
        assertThat(plan(aSet().ordered().replicas(1).neverReady("s-new", 0).ready("s-new", 1)))
                .as("halts while one that stays is not up")
                .isEmpty();
    }

    @Test
    void waitsForATerminatingPodOfTheSameOrdinal() {
        assertThat(plan(aSet().replicas(1).terminating(0))).isEmpty();
    }

    @Test
    void replacesWhatFailedOrWasEvicted() {
        assertThat(plan(aSet().ready("s-new", 0, 2).phase(1, "Failed")))
                .containsExactly("-1 FAILED");
    }

    @Test
    void letsAFailedPodBeTenSecondsOldBeforeItIsReplaced() {
        SetBuilder set = aSet().ready("s-new", 0, 2).failedSecondsAfterCreation(1, 3);

        assertThat(plan(set)).isEmpty();
        assertThat(ExPodSetPlanner.plan(set.snapshot()).lookAgain())
                .isEqualTo(Duration.ofSeconds(7));
        assertThat(plan(set.failedSecondsAfterCreation(1, 10))).containsExactly("-1 FAILED");
    }

    @Test
    void updatesFromTheHighestOrdinalWithinTheBudget() {
        assertThat(plan(aSet().ready("s-old", 0, 1, 2))).containsExactly("-2 OUTDATED");
        assertThat(plan(aSet().ready("s-old", 0, 1).neverReady("s-new", 2))).isEmpty();
        assertThat(plan(aSet().strategy(UpdateType.ROLLING_UPDATE, 0, 2).ready("s-old", 0, 1, 2)))
                .containsExactly("-2 OUTDATED", "-1 OUTDATED");
    }

    @Test
    void missingPodsCountAsUnavailable() {
        assertThat(plan(aSet().ready("s-old", 0, 1))).containsExactly("+2");
    }

    @Test
    void replacesAtOnceWhatIsBehindAndNeverBecameReady() {
        // A bad template was reverted while two Pods already had it.
        assertThat(plan(aSet().neverReady("s-old", 1, 2).ready("s-new", 0)))
                .containsExactly("-2 OUTDATED_NEVER_READY", "-1 OUTDATED_NEVER_READY");
    }

    @Test
    void takesPodsOfAStoppedSetOneByOne() {
        SetBuilder set = aSet().stopped();
        for (int ordinal = 0; ordinal < 3; ordinal++) {
            set.stoppedSinceCreation(ordinal, "s-old");
        }

        assertThat(plan(set)).containsExactly("-2 OUTDATED");
        assertThat(plan(set.neverReady("s-old", 1, 2)))
                .as("no more than Pending")
                .containsExactly("-2 OUTDATED_NEVER_READY", "-1 OUTDATED_NEVER_READY");
    }

    /// Ordinal 2 cannot be made before 1 is up, and 1 not be up before it is replaced.
    @Test
    void aMissingPodThatWaitsForAnOutdatedOneDoesNotHoldItBack() {
        SetBuilder set = aSet().ordered().ready("s-new", 0).nowUnready(1, "s-old");

        assertThat(plan(set)).containsExactly("-1 OUTDATED");
        assertThat(plan(aSet().ready("s-new", 0).nowUnready(1, "s-old")))
                .as("Parallel makes it at once")
                .containsExactly("+2");
    }

    @Test
    void replacesADownPodFirstAndTakesNoOtherBesides() {
        assertThat(plan(aSet().ready("s-old", 1, 2).nowUnready(0, "s-old")))
                .containsExactly("-0 OUTDATED");
    }

    @Test
    void leavesOrdinalsBelowThePartition() {
        assertThat(plan(aSet().strategy(UpdateType.ROLLING_UPDATE, 2, 3).ready("s-old", 0, 1, 2)))
                .containsExactly("-2 OUTDATED");
    }

    @Test
    void recreatesBelowThePartitionAtTheCurrentRevision() {
        ExPodSetSnapshot snapshot =
                aSet().strategy(UpdateType.ROLLING_UPDATE, 2, 1)
                        .ready("s-old", 0)
                        .ready("s-new", 2)
                        .snapshot();

        assertThat(ExPodSetPlanner.plan(snapshot).actions())
                .containsExactly(new PodAction.CreatePod(1, "s-old"));
    }

    @Test
    void onDeleteWaitsForPeople() {
        assertThat(plan(aSet().strategy(UpdateType.ON_DELETE, 0, 1).ready("s-old", 0, 1, 2)))
                .isEmpty();
    }

    /// It serves nobody: waiting for a person would only mean waiting.
    @Test
    void onDeleteTooReplacesAtOnceWhatIsBehindAndNeverBecameReady() {
        assertThat(
                        plan(
                                aSet().strategy(UpdateType.ON_DELETE, 0, 1)
                                        .ready("s-old", 0, 1)
                                        .neverReady("s-old", 2)))
                .containsExactly("-2 OUTDATED_NEVER_READY");
    }

    @Test
    void pausedLeavesPodsAsTheyAre() {
        assertThat(plan(aSet().paused().ready("s-old", 0, 1).phase(2, "Failed"))).isEmpty();
    }

    @Test
    void updatesThePrimaryLast() {
        SetBuilder set =
                aSet().restartOrder("replica", "primary")
                        .role(0, "s-old", "replica")
                        .role(1, "s-old", "replica")
                        .role(2, "s-old", "primary");

        assertThat(plan(set)).containsExactly("-1 OUTDATED");
        assertThat(plan(set.ready("s-new", 0, 1))).containsExactly("-2 OUTDATED");
    }

    @Test
    void aPodCountsAsAvailableOnlyAfterMinReadySeconds() {
        SetBuilder set = aSet().minReadySeconds(30).ready("s-old", 0, 1).readySince(2, 10);

        ExPodSetPlan plan = ExPodSetPlanner.plan(set.snapshot());

        assertThat(plan.actions()).isEmpty();
        assertThat(plan.lookAgain()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void callsTheHookOnTheLowestOrdinalWhenAllAreReady() {
        assertThat(plan(aSet().hook(null).ready("s-new", 0, 1).neverReady("s-new", 2))).isEmpty();
        assertThat(actions(aSet().replicas(3, "0").hook("1-2").ready("s-new", 1, 2, 3)))
                .containsExactly(
                        new PodAction.CallPostScaleOut(1, new TreeSet<>(List.of(3)), "1-3", 0));
        assertThat(plan(aSet().hook("0-2").ready("s-new", 0, 1, 2))).isEmpty();
        assertThat(plan(aSet().hook(null).stopped().ready("s-new", 0, 1, 2))).isEmpty();
    }

    @Test
    void retriesTheHookAfterItsIntervalAndGivesUpInTheEnd() {
        SetBuilder set = aSet().hook(null).ready("s-new", 0, 1, 2);

        assertThat(plan(set.hookState(failed(0, 1)))).isEmpty();
        assertThat(ExPodSetPlanner.plan(set.snapshot()).lookAgain())
                .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(5));
        assertThat(actions(set.hookState(failed(0, 5))))
                .containsExactly(
                        new PodAction.CallPostScaleOut(
                                0, new TreeSet<>(List.of(0, 1, 2)), "0-2", 1));
        assertThat(plan(set.hookState(failed(2, 60)))).isEmpty();
    }

    @Test
    void repeatsACallOfUnknownEndAsTheSameAttemptHoweverOften() {
        SetBuilder set = aSet().hook(null).ready("s-new", 0, 1, 2);

        assertThat(plan(set.hookState(ended(HookPhase.WAITING, 2, 1)))).isEmpty();
        assertThat(actions(set.hookState(ended(HookPhase.WAITING, 2, 5))))
                .containsExactly(
                        new PodAction.CallPostScaleOut(
                                0, new TreeSet<>(List.of(0, 1, 2)), "0-2", 2));
        assertThat(ExPodSetPlanner.plan(set.hookState(ended(HookPhase.WAITING, 2, 1)).snapshot()))
                .extracting(ExPodSetPlan::lookAgain)
                .isNotNull();
    }

    @Test
    void onlyWritesDownWhatTheHookDidAlready() {
        SetBuilder set = aSet().hook("0").ready("s-new", 0, 1, 2);

        assertThat(actions(set.hookState(ended(HookPhase.DONE, 1, 5))))
                .containsExactly(new PodAction.RecordJoined("0-2"));
    }

    @Test
    void startsNoSecondHookWhileOneRuns() {
        ExPodSetSnapshot.HookState running =
                new ExPodSetSnapshot.HookState("0-1", 0, HookPhase.RUNNING, NOW, "");

        assertThat(plan(aSet().hook("").hookState(running).ready("s-new", 0, 1, 2))).isEmpty();
    }

    @Test
    void anOrdinalThatLeftMustJoinAgain() {
        assertThat(actions(aSet().replicas(2).hook("0-2").ready("s-new", 0, 1)))
                .containsExactly(new PodAction.RecordJoined("0-1"));
    }

    private static ExPodSetSnapshot.HookState failed(int attempt, int secondsAgo) {
        return ended(HookPhase.FAILED, attempt, secondsAgo);
    }

    private static ExPodSetSnapshot.HookState ended(HookPhase phase, int attempt, int secondsAgo) {
        return new ExPodSetSnapshot.HookState(
                "0-2", attempt, phase, NOW.minusSeconds(secondsAgo), "m");
    }

    private static List<PodAction> actions(SetBuilder set) {
        return ExPodSetPlanner.plan(set.snapshot()).actions();
    }

    private static List<String> plan(SetBuilder set) {
        return actions(set).stream()
                .map(
                        action ->
                                switch (action) {
                                    case PodAction.CreatePod create -> "+" + create.ordinal();
                                    case PodAction.DeletePod delete ->
                                            "-" + delete.ordinal() + " " + delete.why();
                                    default -> action.toString();
                                })
                .toList();
    }
}
