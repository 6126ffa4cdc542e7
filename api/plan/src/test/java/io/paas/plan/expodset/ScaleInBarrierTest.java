package io.paas.plan.expodset;

import static io.paas.api.v1.ExPodSet.OnLeaveFailure.PAUSE;
import static io.paas.api.v1.ExPodSet.OnLeaveFailure.PROCEED;
import static io.paas.plan.expodset.SetBuilder.NOW;
import static io.paas.plan.expodset.SetBuilder.aSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.paas.api.v1.ExPodSet.OnLeaveFailure;
import io.paas.api.v1.ExPodSet.UpdateType;
import io.paas.plan.expodset.ExPodSetSnapshot.HookPhase;
import io.paas.plan.expodset.ExPodSetSnapshot.HookState;
import io.paas.plan.expodset.HookCalls.LeaveCall;
import io.paas.plan.expodset.ScaleInBarrier.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Five Pods of which ordinal 2 is to leave.
class ScaleInBarrierTest {

    private static final List<String> ALL = uids(0, 1, 2, 3, 4);
    private static final Set<String> TWO = Set.of("uid-2");

    private static SetBuilder twoLeaves(OnLeaveFailure onFailure) {
        return aSet().preScaleIn(onFailure).replicas(4, "2").ready("s-new", 0, 1, 2, 3, 4);
    }

    private static LeaveCall call(HookPhase phase, int attempt, int began, int endedSecondsAgo) {
        return new LeaveCall(
                "1", TWO, ALL, 0, attempt, phase, ago(began), ago(endedSecondsAgo), "m");
    }

    @Test
    void callsBeforeAnythingIsDeleted() {
        assertThat(actions(twoLeaves(PAUSE))).containsExactly(calls(0, 0, NOW, 2));
        assertThat(plan(twoLeaves(PAUSE), call(HookPhase.RUNNING, 0, 1, 1))).isEmpty();
        assertThat(plan(twoLeaves(PAUSE), call(HookPhase.DONE, 0, 1, 1))).containsExactly("-2");
    }

    @Test
    void speaksOfAllThatLeaveAlsoWhenTheyGoOneByOne() {
        SetBuilder set =
                aSet().ordered().preScaleIn(PAUSE).replicas(3).ready("s-new", 0, 1, 2, 3, 4);

        assertThat(actions(set)).containsExactly(calls(0, 0, NOW, 3, 4));
        LeaveCall done =
                new LeaveCall(
                        "1", Set.of("uid-3", "uid-4"), ALL, 0, 0, HookPhase.DONE, NOW, NOW, "");
        assertThat(plan(set, done)).containsExactly("-4");
        assertThat(
                        plan(
                                aSet().ordered()
                                        .preScaleIn(PAUSE)
                                        .replicas(3)
                                        .ready("s-new", 0, 1, 2, 3),
                                done))
                .as("the one that is left was spoken of, too")
                .containsExactly("-3");
    }

    @Test
    void aPodThatIsWantedAgainStays() {
        SetBuilder again = aSet().preScaleIn(PAUSE).replicas(5).ready("s-new", 0, 1, 2, 3, 4);

        assertThat(plan(again, call(HookPhase.RUNNING, 0, 1, 1))).isEmpty();
        assertThat(plan(again, call(HookPhase.DONE, 0, 1, 1))).isEmpty();
    }

    @Test
    void whatWasDoneUnderAnotherSpecOrForAnotherPodDoesNotCount() {
        LeaveCall earlier = new LeaveCall("0", TWO, ALL, 0, 0, HookPhase.DONE, ago(5), ago(4), "");
        LeaveCall another =
                new LeaveCall(
                        "1",
                        Set.of("uid-of-before"),
                        ALL,
                        0,
                        0,
                        HookPhase.DONE,
                        ago(5),
                        ago(4),
                        "");

        assertThat(actions(twoLeaves(PAUSE).calls(new HookCalls(null, earlier))))
                .containsExactly(calls(0, 0, NOW, 2));
        assertThat(actions(twoLeaves(PAUSE).calls(new HookCalls(null, another))))
                .containsExactly(calls(0, 0, NOW, 2));
    }

    @Test
    void retriesAfterItsIntervalAndThenDecides() {
        assertThat(plan(twoLeaves(PAUSE), call(HookPhase.FAILED, 0, 9, 4))).isEmpty();
        assertThat(lookAgain(twoLeaves(PAUSE), call(HookPhase.FAILED, 0, 9, 4)))
                .isEqualTo(Duration.ofMillis(1001));
        assertThat(actions(twoLeaves(PAUSE), call(HookPhase.FAILED, 0, 9, 5)))
                .containsExactly(calls(0, 1, ago(9), 2));

        LeaveCall last = call(HookPhase.FAILED, 2, 30, 5);
        assertThat(plan(twoLeaves(PAUSE), last)).isEmpty();
        assertThat(lookAgain(twoLeaves(PAUSE), last)).isNull();
        assertThat(state(twoLeaves(PAUSE), last)).isEqualTo(State.PAUSED);
        assertThat(plan(twoLeaves(PROCEED), last)).containsExactly("-2");
    }

    @Test
    void asksAboutACallOfUnknownEndUntilTheDeadline() {
        assertThat(actions(twoLeaves(PROCEED), call(HookPhase.WAITING, 1, 59, 5)))
                .containsExactly(calls(0, 1, ago(59), 2));
        assertThat(lookAgain(twoLeaves(PROCEED), call(HookPhase.WAITING, 1, 59, 1)))
                .as("the deadline comes before the next call")
                .isEqualTo(Duration.ofMillis(1001));
        assertThat(plan(twoLeaves(PROCEED), call(HookPhase.WAITING, 1, 60, 5)))
                .containsExactly("-2");
        assertThat(plan(twoLeaves(PAUSE), call(HookPhase.WAITING, 1, 60, 5))).isEmpty();
        assertThat(state(twoLeaves(PAUSE), call(HookPhase.WAITING, 1, 60, 5)))
                .isEqualTo(State.PAUSED);
    }

    @Test
    void incompatiblePausesInAnyCase() {
        assertThat(plan(twoLeaves(PROCEED), call(HookPhase.REFUSED, 0, 90, 80))).isEmpty();
        assertThat(state(twoLeaves(PROCEED), call(HookPhase.REFUSED, 0, 90, 80)))
                .isEqualTo(State.PAUSED);
    }

    @Test
    void aReplacedMemberIsAReasonToTryAgain() {
        LeaveCall refused =
                new LeaveCall(
                        "1", TWO, uids(0, 2, 3, 4), 0, 0, HookPhase.REFUSED, ago(90), ago(80), "m");

        assertThat(actions(twoLeaves(PAUSE), refused)).containsExactly(calls(0, 0, NOW, 2));
    }

    @Test
    void aWishToTryAgainIsAReasonToo() {
        LeaveCall refused = call(HookPhase.REFUSED, 0, 90, 80);

        assertThat(actions(twoLeaves(PAUSE).retry("demo-g2"), refused))
                .containsExactly(calls(0, 0, NOW, 2));
        assertThat(actions(twoLeaves(PAUSE), refused)).isEmpty();
    }

    @Test
    void aMemberThatIsReplacedAgainAndAgainStopsNoClock() {
        LeaveCall failed =
                new LeaveCall(
                        "1", TWO, uids(0, 2, 3, 4), 0, 0, HookPhase.FAILED, ago(50), ago(2), "m");

        assertThat(actions(twoLeaves(PROCEED), failed)).containsExactly(calls(0, 0, ago(50), 2));
    }

    /// Else the deadline would never come.
    @Test
    void theTimeRunsAlsoWhileNobodyCanBeCalled() {
        SetBuilder nobody = aSet().preScaleIn(PROCEED).replicas(0).phase(0, "Failed");

        assertThat(actions(nobody))
                .containsExactly(calls(PodAction.CallPreScaleIn.NOBODY, 0, NOW, 0));
        LeaveCall waiting =
                new LeaveCall(
                        "1",
                        Set.of("uid-0"),
                        uids(0),
                        PodAction.CallPreScaleIn.NOBODY,
                        0,
                        HookPhase.WAITING,
                        ago(60),
                        ago(5),
                        "m");
        assertThat(plan(nobody, waiting)).containsExactly("-0");
    }

    @Test
    void callsAPodThatStaysAndIsReady() {
        assertThat(actions(twoLeaves(PAUSE).nowUnready(0, "s-new")))
                .containsExactly(calls(1, 0, NOW, 2));
        assertThat(actions(aSet().preScaleIn(PAUSE).replicas(0).ready("s-new", 0, 1)))
                .as("nobody stays")
                .containsExactly(calls(0, 0, NOW, 0, 1));
    }

    @Test
    void nobodyJoinsAndLeavesAtOnce() {
        HookState joining = new HookState("0-4", 0, HookPhase.RUNNING, NOW, "");

        assertThat(plan(twoLeaves(PAUSE).hook("0-1").hookState(joining), null)).isEmpty();
        assertThat(
                        plan(
                                aSet().preScaleIn(PAUSE)
                                        .hook("0-1")
                                        .replicas(4)
                                        .ready("s-new", 0, 1, 2, 3),
                                call(HookPhase.RUNNING, 0, 1, 1)))
                .isEmpty();
    }

    @Test
    void writesDownFirstThatWhoLeavesMustJoinAgain() {
        assertThat(actions(twoLeaves(PAUSE).hook("0-4")))
                .containsExactly(new PodAction.RecordJoined("0-1,3-4"));
        assertThat(actions(twoLeaves(PAUSE).hook("0-1,3-4"))).containsExactly(calls(0, 0, NOW, 2));
    }

    @Test
    void noPodThatServesIsUpdatedWhileDataMoves() {
        SetBuilder set =
                aSet().preScaleIn(PAUSE)
                        .replicas(4, "2")
                        .strategy(UpdateType.ROLLING_UPDATE, 0, 2)
                        .ready("s-new", 0, 1, 2)
                        .ready("s-old", 3);

        assertThat(plan(set.nowUnready(4, "s-old"), call(HookPhase.RUNNING, 0, 1, 1)))
                .containsExactly("-4");
    }

    @Test
    void dataOnTheMoveMakesNoUpdateBolder() {
        SetBuilder set =
                aSet().preScaleIn(PAUSE)
                        .replicas(4, "2")
                        .ready("s-new", 0, 1, 2)
                        .nowUnready(3, "s-new")
                        .nowUnready(4, "s-old");

        assertThat(plan(set, call(HookPhase.RUNNING, 0, 1, 1))).isEmpty();
    }

    private static PodAction calls(int ordinal, int attempt, Instant since, Integer... leaving) {
        return new PodAction.CallPreScaleIn(
                ordinal, new TreeSet<>(List.of(leaving)), attempt, since);
    }

    private static Instant ago(int seconds) {
        return NOW.minusSeconds(seconds);
    }

    private static List<String> uids(int... ordinals) {
        return IntStream.of(ordinals).mapToObj(o -> "uid-" + o).toList();
    }

    private static List<PodAction> actions(SetBuilder set, LeaveCall call) {
        return actions(set.calls(new HookCalls(null, call)));
    }

    private static List<PodAction> actions(SetBuilder set) {
        return ExPodSetPlanner.plan(set.snapshot()).actions();
    }

    private static Duration lookAgain(SetBuilder set, LeaveCall call) {
        return ExPodSetPlanner.plan(set.calls(new HookCalls(null, call)).snapshot()).lookAgain();
    }

    private static State state(SetBuilder set, LeaveCall call) {
        return ScaleInBarrier.state(set.calls(new HookCalls(null, call)).snapshot());
    }

    private static List<String> plan(SetBuilder set, LeaveCall call) {
        return actions(set, call).stream()
                .map(
                        action ->
                                action instanceof PodAction.DeletePod delete
                                        ? "-" + delete.ordinal()
                                        : action.toString())
                .collect(Collectors.toList());
    }
}
