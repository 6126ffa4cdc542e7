package io.paas.plan.expodset;

import static io.paas.plan.expodset.ExPodSetSnapshot.HookPhase.DONE;
import static io.paas.plan.expodset.ExPodSetSnapshot.HookPhase.FAILED;
import static io.paas.plan.expodset.ExPodSetSnapshot.HookPhase.REFUSED;
import static io.paas.plan.expodset.ExPodSetSnapshot.HookPhase.RUNNING;
import static io.paas.plan.expodset.ExPodSetSnapshot.HookPhase.WAITING;

import io.paas.api.meta.Annotations;
import io.paas.api.v1.ExPodSet;
import io.paas.plan.expodset.HookCalls.LeaveCall;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Holds back the deletion of Pods that leave the running set until pre-scale-in is done.
///
/// INVARIANT: a Pod leaves only after a call that spoke of it succeeded under the present spec, or,
/// where the hook says Proceed, after its retries or its deadline. That a call succeeded is kept in
/// memory only: who forgot it calls again, under the same idempotency key.
public final class ScaleInBarrier {

    private final ExPodSetSnapshot now;
    private final ExPodSet.PreScaleIn hook;
    private final @Nullable LeaveCall last;
    // The time goes on when a member is replaced, which may happen again and again.
    private final Instant begun;

    private ScaleInBarrier(ExPodSetSnapshot snapshot, ExPodSet.PreScaleIn hook) {
        this.now = snapshot;
        this.hook = hook;
        LeaveCall call = snapshot.calls().leave();
        this.last = call != null && holds(call) ? call : null;
        this.begun = call != null && goesOn(call) ? call.since() : snapshot.now();
    }

    /// How it stands for the Pods that should leave.
    public enum State {
        /// The call is to be made or under way.
        CALLING,
        /// It failed, and a human has to decide.
        PAUSED,
        /// The Pods may go.
        OPEN
    }

    /// Takes removals out of a plan while they must wait, and puts the call in.
    static void hold(ExPodSetSnapshot snapshot, List<PodAction> actions) {
        ExPodSet.PreScaleIn hook = hook(snapshot);
        if (hook == null || actions.stream().noneMatch(ScaleInBarrier::removes)) {
            return;
        }
        ScaleInBarrier barrier = new ScaleInBarrier(snapshot, hook);
        if (barrier.state() != State.OPEN) {
            actions.removeIf(ScaleInBarrier::removes);
            actions.addAll(barrier.calls());
        }
    }

    /// Null when no Pod leaves or no hook is declared.
    public static @Nullable State state(ExPodSetSnapshot snapshot) {
        ExPodSet.PreScaleIn hook = hook(snapshot);
        return hook == null || leaving(snapshot).isEmpty()
                ? null
                : new ScaleInBarrier(snapshot, hook).state();
    }

    /// The Pods outside the running set that are still to be deleted.
    public static List<ObservedPod> leaving(ExPodSetSnapshot snapshot) {
        return snapshot.pods().values().stream()
                .filter(pod -> !snapshot.settings().running().contains(pod.ordinal()))
                .filter(pod -> !pod.terminating())
                .toList();
    }

    /// All Pods that a call speaks of: those that stay and those that leave.
    public static List<ObservedPod> members(ExPodSetSnapshot snapshot) {
        return snapshot.pods().values().stream().filter(pod -> !pod.terminating()).toList();
    }

    /// When time alone brings the next step; null when it does not.
    static @Nullable Duration untilNext(ExPodSetSnapshot snapshot) {
        ExPodSet.PreScaleIn hook = hook(snapshot);
        if (hook == null || leaving(snapshot).isEmpty()) {
            return null;
        }
        ScaleInBarrier barrier = new ScaleInBarrier(snapshot, hook);
        LeaveCall call = barrier.last;
        if (call == null || barrier.state() != State.CALLING || call.phase() == RUNNING) {
            return null;
        }
        return Stream.of(barrier.due(call), barrier.deadline(call))
                .map(at -> Duration.between(snapshot.now(), at).plusMillis(1))
                .filter(Duration::isPositive)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private State state() {
        if (last == null || last.phase() == RUNNING) {
            return State.CALLING;
        }
        if (last.phase() == DONE) {
            return State.OPEN;
        }
        if (last.phase() == REFUSED) {
            return State.PAUSED;
        }
        boolean exhausted = last.phase() == FAILED && last.attempt() >= or(hook.retries(), 3);
        if (!exhausted && now.now().isBefore(deadline(last))) {
            return State.CALLING;
        }
        return hook.onFailure() == ExPodSet.OnLeaveFailure.PROCEED ? State.OPEN : State.PAUSED;
    }

    private List<PodAction> calls() {
        if (state() != State.CALLING || isHeldByJoining()) {
            return List.of();
        }
        if (last == null) {
            return call(caller(), 0, begun);
        }
        if (last.phase() == RUNNING || now.now().isBefore(due(last))) {
            return List.of();
        }
        // Only the Pod that was called knows how a call of unknown end went on.
        return last.phase() == WAITING && canBeCalled(last.caller())
                ? call(last.caller(), last.attempt(), last.since())
                : call(caller(), last.attempt() + (last.phase() == WAITING ? 0 : 1), last.since());
    }

    private List<PodAction> call(int caller, int attempt, Instant since) {
        SortedSet<Integer> ordinals =
                leaving(now).stream()
                        .map(ObservedPod::ordinal)
                        .collect(Collectors.toCollection(TreeSet::new));
        return List.of(new PodAction.CallPreScaleIn(caller, ordinals, attempt, since));
    }

    /// One member cannot join and leave at once; and who leaves must be known to have to join
    /// again, before it is too late to write that down.
    private boolean isHeldByJoining() {
        ExPodSetSnapshot.HookState join = now.hook();
        if (join != null && join.phase() == RUNNING) {
            return true;
        }
        Map<String, String> annotations = now.set().metadata().getAnnotations();
        String text = annotations == null ? null : annotations.get(Annotations.JOINED_ORDINALS);
        if (text == null || !joins()) {
            return false;
        }
        OrdinalSet recorded = OrdinalSet.parseText(text);
        return leaving(now).stream().anyMatch(pod -> recorded.contains(pod.ordinal()));
    }

    private boolean joins() {
        ExPodSet.Hooks hooks = now.set().spec().hooks();
        return hooks != null && hooks.postScaleOut() != null;
    }

    /// The first Pod that is ready and stays; one that leaves may be broken, and takes what it
    /// knows of the call with it.
    private int caller() {
        return members(now).stream()
                .filter(pod -> canBeCalled(pod.ordinal()))
                .min(
                        Comparator.<ObservedPod>comparingInt(pod -> pod.isReady() ? 0 : 1)
                                .thenComparingInt(pod -> stays(pod) ? 0 : 1)
                                .thenComparingInt(ObservedPod::ordinal))
                .map(ObservedPod::ordinal)
                .orElse(PodAction.CallPreScaleIn.NOBODY);
    }

    private boolean canBeCalled(int ordinal) {
        ObservedPod pod = now.pods().get(ordinal);
        return pod != null && !pod.terminating() && !pod.isOver() && !pod.ip().isEmpty();
    }

    private boolean stays(ObservedPod pod) {
        return now.settings().running().contains(pod.ordinal());
    }

    /// What failed may succeed when the spec or a member has changed, or when somebody asked for
    /// it; what was done stays done while the same spec is in force.
    private boolean holds(LeaveCall call) {
        if (call.phase() == RUNNING) {
            return true;
        }
        Set<String> leaving =
                leaving(now).stream().map(ObservedPod::uid).collect(Collectors.toSet());
        boolean ofThese =
                call.occasion().equals(now.occasion()) && call.leaving().containsAll(leaving);
        List<String> members = members(now).stream().map(ObservedPod::uid).toList();
        return ofThese && (call.phase() == DONE || call.members().equals(members));
    }

    private boolean goesOn(LeaveCall call) {
        return call.occasion().equals(now.occasion())
                && (call.phase() == FAILED || call.phase() == WAITING)
                && now.now().isBefore(deadline(call));
    }

    private Instant due(LeaveCall call) {
        return call.at().plusSeconds(or(hook.retryIntervalSeconds(), 5));
    }

    private Instant deadline(LeaveCall call) {
        return call.since().plus(deadline(hook));
    }

    /// The time that all calls together have.
    public static Duration deadline(ExPodSet.PreScaleIn hook) {
        return Duration.ofSeconds(or(hook.deadlineSeconds(), 600));
    }

    private static int or(@Nullable Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }

    private static boolean removes(PodAction action) {
        return action instanceof PodAction.DeletePod delete
                && delete.why() == PodAction.Why.SCALED_IN;
    }

    private static ExPodSet.@Nullable PreScaleIn hook(ExPodSetSnapshot snapshot) {
        ExPodSet.Hooks hooks = snapshot.set().spec().hooks();
        return hooks == null ? null : hooks.preScaleIn();
    }
}
