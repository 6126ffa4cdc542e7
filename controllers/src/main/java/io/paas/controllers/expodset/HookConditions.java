package io.paas.controllers.expodset;

import io.paas.api.v1.Condition;
import io.paas.api.v1.ExPodSet;
import io.paas.controllers.runtime.Conditions;
import io.paas.plan.expodset.ExPodSetSnapshot;
import io.paas.plan.expodset.ExPodSetSnapshot.HookPhase;
import io.paas.plan.expodset.ExPodSetSnapshot.HookState;
import io.paas.plan.expodset.HookCalls;
import io.paas.plan.expodset.ObservedPod;
import io.paas.plan.expodset.OrdinalSet;
import io.paas.plan.expodset.RestartOrder;
import io.paas.plan.expodset.ScaleInBarrier;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a set says of preScaleIn and restartOrder, and which of its hooks' failures stall it.
final class HookConditions {

    static final String SCALED_IN = "ScaledIn";
    static final String ORDER_KNOWN = "OrderKnown";

    private static final String LEAVE_FAILED = "LeaveFailed";
    private static final String ORDER_UNKNOWN = "OrderUnknown";
    private static final String JOIN_FAILED = "JoinFailed";

    private final ExPodSetSnapshot now;
    private final ExPodSet.Hooks hooks;

    private HookConditions(ExPodSetSnapshot snapshot) {
        now = snapshot;
        hooks =
                Objects.requireNonNullElse(
                        snapshot.set().spec().hooks(), new ExPodSet.Hooks(null, null, null));
    }

    /// One for each declared hook.
    static List<Condition> of(ExPodSetSnapshot snapshot, Conditions conditions) {
        HookConditions all = new HookConditions(snapshot);
        List<Condition> list = new ArrayList<>();
        if (all.hooks.preScaleIn() != null) {
            list.add(all.scaledIn(conditions));
        }
        if (all.hooks.restartOrder() != null) {
            list.add(all.orderKnown(conditions));
        }
        return list;
    }

    /// What a human has to decide.
    static List<Problem> problems(ExPodSetSnapshot snapshot) {
        HookConditions all = new HookConditions(snapshot);
        List<Problem> problems = new ArrayList<>();
        if (ScaleInBarrier.state(snapshot) == ScaleInBarrier.State.PAUSED) {
            problems.add(new Problem(LEAVE_FAILED, all.leavePaused()));
        }
        if (!all.usesRoles()
                && RestartOrder.verdict(snapshot)
                        instanceof RestartOrder.Verdict.Unknown(var why)) {
            problems.add(new Problem(ORDER_UNKNOWN, all.orderPaused(why)));
        }
        if (all.joinAborted()) {
            problems.add(
                    new Problem(
                            JOIN_FAILED,
                            "post-scale-out failed, and its onFailure is Abort: "
                                    + Objects.requireNonNull(snapshot.hook()).message()));
        }
        return problems;
    }

    private Condition scaledIn(Conditions conditions) {
        ScaleInBarrier.State state = ScaleInBarrier.state(now);
        return switch (state) {
            case null ->
                    conditions.isTrue(
                            SCALED_IN, "NobodyLeaves", "No Pod is outside the running set.");
            case OPEN -> conditions.isFalse(SCALED_IN, "Leaving", leaving());
            case PAUSED -> conditions.isFalse(SCALED_IN, LEAVE_FAILED, leavePaused());
            case CALLING -> {
                HookCalls.LeaveCall call = now.calls().leave();
                String last =
                        call == null || call.message().isEmpty()
                                ? ""
                                : " Attempt " + (call.attempt() + 1) + ": " + call.message();
                yield conditions.isFalse(
                        SCALED_IN, "Leaving", leaving() + " pre-scale-in is not done yet." + last);
            }
        };
    }

    private String leaving() {
        return "Leaving: "
                + OrdinalSet.text(
                        ScaleInBarrier.leaving(now).stream()
                                .map(ObservedPod::ordinal)
                                .collect(Collectors.toCollection(TreeSet::new)))
                + ".";
    }

    private String leavePaused() {
        HookCalls.LeaveCall call = Objects.requireNonNull(now.calls().leave());
        return leaving()
                + " pre-scale-in failed, so no Pod is deleted: "
                + call.message()
                + ". Take the ordinals back into the running set, or remove what is in the way and"
                + " change the spec, as hooks.preScaleIn.";
    }

    private Condition orderKnown(Conditions conditions) {
        return switch (RestartOrder.verdict(now)) {
            case RestartOrder.Verdict.Unknown(String why) ->
                    usesRoles()
                            ? conditions.isFalse(
                                    ORDER_KNOWN,
                                    "RolesUsed",
                                    "restart-order: "
                                            + why
                                            + ". The order of spec.restartOrder is used instead.")
                            : conditions.isFalse(ORDER_KNOWN, ORDER_UNKNOWN, orderPaused(why));
            case RestartOrder.Verdict.Waits(String why) ->
                    conditions.isFalse(
                            ORDER_KNOWN,
                            "Waiting",
                            "No Pod is restarted while the Pods do not want it; they are asked"
                                    + " again. "
                                    + why);
            case RestartOrder.Verdict.Known _ -> known(conditions);
            case null -> {
                Condition before = before();
                // Each step changes the picture of the set. Until the Pods have answered for the
                // new one it is as it was, so that a user sees by what order an update goes.
                yield before == null || RestartOrder.isIdle(now)
                        ? known(conditions)
                        : conditions.is(
                                before.isTrue(), ORDER_KNOWN, before.reason(), before.message());
            }
        };
    }

    private static Condition known(Conditions conditions) {
        return conditions.isTrue(
                ORDER_KNOWN, "AskedEachTime", "The Pods are asked before each restart.");
    }

    private String orderPaused(String why) {
        return "No Pod is restarted, because the Pods give no usable order: restart-order: "
                + why
                + ". They are asked again; spec.hooks.restartOrder.onFailure: Roles would use the"
                + " order of spec.restartOrder.";
    }

    private @Nullable Condition before() {
        ExPodSet.Status status = now.set().status();
        return status == null
                ? null
                : Conditions.find(status.conditions(), ORDER_KNOWN).orElse(null);
    }

    private boolean usesRoles() {
        return hooks.restartOrder() != null
                && hooks.restartOrder().onFailure() == ExPodSet.OnOrderFailure.ROLES;
    }

    private boolean joinAborted() {
        ExPodSet.PostScaleOut hook = hooks.postScaleOut();
        HookState last = now.hook();
        if (hook == null || last == null || hook.onFailure() != ExPodSet.OnFailure.ABORT) {
            return false;
        }
        int retries = Objects.requireNonNullElse(hook.retries(), 3);
        return last.phase() == HookPhase.REFUSED
                || (last.phase() == HookPhase.FAILED && last.attempt() >= retries);
    }
}
