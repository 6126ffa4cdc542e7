package io.paas.plan.expodset;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is known of calls to a set's Pods, beside postScaleOut. Any of it may be lost: it is asked
/// again then.
///
/// @param order the last answers to restart-order; null when none are known
/// @param leave the last pre-scale-in call; null when none is known
public record HookCalls(@Nullable OrderAnswers order, @Nullable LeaveCall leave) {

    public static final HookCalls NONE = new HookCalls(null, null);

    /// What the Pods said of the order in which they want to be restarted.
    ///
    /// @param question the picture of the set that it was asked for, see [RestartOrder#question]
    /// @param asking another call for this picture is under way
    /// @param at when the last answer came
    /// @param replies by ordinal of the Pod; empty while the first ones are awaited
    public record OrderAnswers(
            String question, boolean asking, Instant at, SortedMap<Integer, OrderReply> replies) {

        public OrderAnswers {
            replies = Collections.unmodifiableSortedMap(new TreeMap<>(replies));
        }
    }

    /// What one Pod said.
    public sealed interface OrderReply {

        /// Names of Pods; whether they are the right ones is not checked yet.
        record Order(List<String> pods) implements OrderReply {}

        /// It answered something that is no order.
        record Malformed(String message) implements OrderReply {}

        /// Nothing came back that could be an order.
        record Silent(String message) implements OrderReply {}

        /// It wants no restart now: "not yet" (503) or "incompatible" (412).
        record Wait(String message) implements OrderReply {}
    }

    /// How far a pre-scale-in call is.
    ///
    /// @param occasion that wants the Pods to leave, see [ExPodSetSnapshot#occasion]
    /// @param leaving uids of the Pods that the call says good-bye to
    /// @param members uids of all Pods that the call speaks of
    /// @param caller ordinal of the Pod that was called
    /// @param attempt from 0
    /// @param since when the first attempt began
    /// @param at when this attempt began or ended
    /// @param message empty while it runs
    public record LeaveCall(
            String occasion,
            Set<String> leaving,
            List<String> members,
            int caller,
            int attempt,
            ExPodSetSnapshot.HookPhase phase,
            Instant since,
            Instant at,
            String message) {}

    /// While a call runs, members and their data may be on the move.
    boolean leaveRuns() {
        return leave != null && leave.phase() == ExPodSetSnapshot.HookPhase.RUNNING;
    }
}
