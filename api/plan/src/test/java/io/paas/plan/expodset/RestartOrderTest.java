package io.paas.plan.expodset;

import static io.paas.api.v1.ExPodSet.OnOrderFailure.PAUSE;
import static io.paas.api.v1.ExPodSet.OnOrderFailure.ROLES;
import static io.paas.plan.expodset.SetBuilder.NOW;
import static io.paas.plan.expodset.SetBuilder.aSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.paas.api.v1.ExPodSet.OnOrderFailure;
import io.paas.api.v1.ExPodSet.UpdateType;
import io.paas.plan.expodset.HookCalls.OrderAnswers;
import io.paas.plan.expodset.HookCalls.OrderReply;
import io.paas.plan.expodset.RestartOrder.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Three Pods of an old revision, of which 1 is the primary by its role label. The roles' order is
/// 2, 0, 1; the Pods' own, where it is good, 0, 1, 2.
class RestartOrderTest {

    private static final OrderReply GOOD = order("s-0", "s-1", "s-2");

    private static SetBuilder threeOld(OnOrderFailure onFailure) {
        return aSet().asksForTheOrder(onFailure)
                .restartOrder("replica", "primary")
                .role(0, "s-old", "replica")
                .role(1, "s-old", "primary")
                .role(2, "s-old", "replica");
    }

    @Test
    void asksBeforeItTakesAnything() {
        ExPodSetSnapshot now = threeOld(ROLES).snapshot();

        assertThat(ExPodSetPlanner.plan(now).actions())
                .containsExactly(
                        new PodAction.AskOrder(
                                new TreeSet<>(List.of(0, 1, 2)), RestartOrder.question(now)));
    }

    @Test
    void asksOnlyWhenAStepIsDue() {
        assertThat(plan(aSet().asksForTheOrder(PAUSE).ready("s-new", 0, 1, 2))).isEmpty();
        assertThat(plan(aSet().asksForTheOrder(PAUSE).ready("s-old", 0, 1).neverReady("s-new", 2)))
                .as("the one that may be down is")
                .isEmpty();
    }

    @Test
    void takesTheFirstOfTheOrderThatIsBehind() {
        assertThat(plan(answered(threeOld(PAUSE), GOOD))).containsExactly("-0");
        assertThat(plan(answered(threeOld(PAUSE).ready("s-new", 0), GOOD))).containsExactly("-1");
    }

    @Test
    void makesOneStepForEachAnswerHoweverManyMayBeDown() {
        SetBuilder set = threeOld(PAUSE).strategy(UpdateType.ROLLING_UPDATE, 0, 3);

        assertThat(plan(answered(set, GOOD))).containsExactly("-0");
    }

    @Test
    void anAnswerIsGoodForNoOtherPicture() {
        ExPodSetSnapshot before = threeOld(PAUSE).snapshot();
        HookCalls known = answers(before, false, 0, Map.of(0, GOOD));

        assertThat(plan(threeOld(PAUSE).role(0, "s-old", "primary").calls(known)))
                .as("a primary moved")
                .containsExactly("ask");
        assertThat(plan(threeOld(PAUSE).role(0, "s-new", "replica").calls(known)))
                .as("a step was made")
                .containsExactly("ask");
    }

    @Test
    void anOldAnswerIsNoAnswer() {
        SetBuilder set = threeOld(PAUSE);

        assertThat(plan(set.calls(answers(set.snapshot(), false, 9, Map.of(0, GOOD)))))
                .containsExactly("-0");
        assertThat(plan(set.calls(answers(set.snapshot(), false, 10, Map.of(0, GOOD)))))
                .containsExactly("ask");
    }

    @Test
    void theNewestAnswerCounts() {
        SetBuilder set = threeOld(PAUSE).ready("s-new", 0);

        assertThat(plan(answered(set, order("s-0", "s-2", "s-1")))).containsExactly("-2");
        assertThat(plan(answered(set, GOOD))).containsExactly("-1");
    }

    @Test
    void waitsWhileTheQuestionIsUnderWay() {
        SetBuilder set = threeOld(ROLES);

        assertThat(plan(set.calls(answers(set.snapshot(), true, 0, Map.of())))).isEmpty();
        assertThat(plan(set.calls(answers(set.snapshot(), true, 0, Map.of(0, GOOD))))).isEmpty();
    }

    static Stream<Arguments> badAnswers() {
        return Stream.of(
                arguments(
                        "silent", Map.of(0, new OrderReply.Silent("no answer")), "s-0: no answer"),
                arguments(
                        "no order",
                        Map.of(0, new OrderReply.Malformed("data must be"), 1, GOOD),
                        "s-0: data must be"),
                arguments("incomplete", Map.of(0, order("s-0", "s-1")), "s-0 leaves out s-2"),
                arguments("empty", Map.of(0, order()), "s-0 leaves out s-0, s-1, s-2"),
                arguments(
                        "duplicate",
                        Map.of(0, order("s-0", "s-0", "s-1", "s-2")),
                        "s-0 names s-0 twice"),
                arguments(
                        "unknown Pod",
                        Map.of(0, order("s-0", "t-1", "s-1", "s-2")),
                        "s-0 names t-1, which is no running Pod"),
                arguments(
                        "one of them lies",
                        Map.of(0, GOOD, 1, order("s-0")),
                        "s-1 leaves out s-1, s-2"),
                arguments(
                        "contradicting",
                        Map.of(0, GOOD, 2, order("s-2", "s-1", "s-0")),
                        "s-0 says s-0, s-1, s-2; s-2 says s-2, s-1, s-0"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badAnswers")
    void pausesOrTakesTheRoles(String name, Map<Integer, OrderReply> replies, String why) {
        SetBuilder paused = threeOld(PAUSE);
        paused.calls(answers(paused.snapshot(), false, 0, replies));
        SetBuilder roles = threeOld(ROLES);
        roles.calls(answers(roles.snapshot(), false, 0, replies));

        assertThat(plan(paused)).isEmpty();
        assertThat(RestartOrder.verdict(paused.snapshot()))
                .isInstanceOfSatisfying(
                        Verdict.Unknown.class, unknown -> assertThat(unknown.why()).contains(why));
        assertThat(ExPodSetPlanner.plan(paused.snapshot()).lookAgain())
                .isEqualTo(RestartOrder.FRESH);
        assertThat(plan(roles)).as("the primary comes last").containsExactly("-2");
    }

    @Test
    void oneSilentPodIsNoContradiction() {
        assertThat(
                        plan(
                                answered(
                                        threeOld(PAUSE),
                                        Map.of(0, new OrderReply.Silent("hangs"), 1, GOOD))))
                .containsExactly("-0");
    }

    @Test
    void waitsForPodsThatWantNoRestartNow() {
        SetBuilder set = threeOld(ROLES);
        answered(set, Map.of(0, new OrderReply.Wait("a replica is behind"), 1, GOOD));

        assertThat(plan(set)).isEmpty();
        assertThat(ExPodSetPlanner.plan(set.snapshot()).lookAgain())
                .isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void healsWithoutAsking() {
        assertThat(
                        plan(
                                aSet().asksForTheOrder(PAUSE)
                                        .strategy(UpdateType.ROLLING_UPDATE, 0, 2)
                                        .ready("s-old", 0)
                                        .neverReady("s-old", 1)
                                        .nowUnready(2, "s-old")))
                .containsExactly("-1", "-2");
    }

    @Test
    void aReadyPodThatIsNotYetAvailableIsNotTakenBesideTheOrder() {
        SetBuilder set =
                aSet().asksForTheOrder(PAUSE)
                        .minReadySeconds(150)
                        .ready("s-old", 0)
                        .readySince(1, 200)
                        .readySince(2, 200);

        assertThat(plan(set)).as("its seconds are waited for").isEmpty();
    }

    @Test
    void nothingIsWrongWhileNothingIsToBeRestarted() {
        SetBuilder set =
                answered(threeOld(PAUSE).strategy(UpdateType.ROLLING_UPDATE, 3, 1), order("s-0"));

        assertThat(RestartOrder.verdict(set.snapshot())).isNull();
        set.strategy(UpdateType.ON_DELETE, 0, 1);
        assertThat(RestartOrder.verdict(set.snapshot())).isNull();
    }

    @Test
    void aStoppedSetHasNobodyToAsk() {
        assertThat(plan(threeOld(PAUSE).stopped())).containsExactly("-2");
    }

    @Test
    void worksWithoutTheHook() {
        assertThat(
                        plan(
                                aSet().restartOrder("replica", "primary")
                                        .role(0, "s-old", "primary")
                                        .role(1, "s-old", "replica")
                                        .role(2, "s-old", "replica")))
                .containsExactly("-2");
    }

    private static OrderReply order(String... pods) {
        return new OrderReply.Order(List.of(pods));
    }

    private static SetBuilder answered(SetBuilder set, OrderReply reply) {
        return answered(set, Map.of(0, reply, 1, reply, 2, reply));
    }

    private static SetBuilder answered(SetBuilder set, Map<Integer, OrderReply> replies) {
        return set.calls(answers(set.snapshot(), false, 0, replies));
    }

    private static HookCalls answers(
            ExPodSetSnapshot of, boolean asking, int secondsAgo, Map<Integer, OrderReply> replies) {
        return new HookCalls(
                new OrderAnswers(
                        RestartOrder.question(of),
                        asking,
                        NOW.minusSeconds(secondsAgo),
                        new TreeMap<>(replies)),
                null);
    }

    private static List<String> plan(SetBuilder set) {
        return ExPodSetPlanner.plan(set.snapshot()).actions().stream()
                .map(
                        action ->
                                switch (action) {
                                    case PodAction.DeletePod delete -> "-" + delete.ordinal();
                                    case PodAction.AskOrder _ -> "ask";
                                    default -> action.toString();
                                })
                .toList();
    }
}
