package io.paas.plan.expodset;

import io.paas.api.v1.ExPodSet;
import io.paas.plan.expodset.HookCalls.OrderAnswers;
import io.paas.plan.expodset.HookCalls.OrderReply;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// In which order Pods that serve give way to an update (FR-008).
///
/// With the hook `restartOrder` the Pods say it, before every step anew. Their answer counts for
/// the picture of the set that they were asked about and for [#FRESH]; it must name each running
/// Pod once, and all that answer must agree. Without a usable answer the declared roles decide, or
/// nothing is restarted: as the hook's `onFailure` says, never by a guess.
public final class RestartOrder {

    /// How many Pods are asked: enough to notice that they contradict each other.
    private static final int WITNESSES = 3;

    /// How old an answer may be when it is acted on, and after which it is asked again. A primary
    /// may have moved since.
    static final Duration FRESH = Duration.ofSeconds(10);

    private final ExPodSetSnapshot now;
    private final ExPodSet.@Nullable RestartOrder hook;

    private RestartOrder(ExPodSetSnapshot snapshot) {
        now = snapshot;
        ExPodSet.Hooks hooks = snapshot.set().spec().hooks();
        // Nobody serves while processes are meant to be stopped, so nobody needs to be asked.
        hook = hooks == null || snapshot.settings().stopped() ? null : hooks.restartOrder();
    }

    static RestartOrder of(ExPodSetSnapshot snapshot) {
        return new RestartOrder(snapshot);
    }

    /// What the answers come to.
    public sealed interface Verdict {
        /// The order in which Pods give way.
        ///
        /// @param pods all running Pods
        record Known(List<String> pods) implements Verdict {}

        /// The Pods gave no order that can be used.
        ///
        /// @param why which Pod said what
        record Unknown(String why) implements Verdict {}

        /// The Pods do not want a restart now.
        record Waits(String why) implements Verdict {}
    }

    /// What the last answers for the present picture come to; null while there are none, or no Pod
    /// is to be restarted.
    public static @Nullable Verdict verdict(ExPodSetSnapshot snapshot) {
        return isIdle(snapshot) ? null : new RestartOrder(snapshot).verdict();
    }

    /// Whether no Pod is to be restarted.
    public static boolean isIdle(ExPodSetSnapshot snapshot) {
        return RollingUpdate.isDone(snapshot);
    }

    /// The names of the Pods that an order must name.
    public static Set<String> members(ExPodSetSnapshot snapshot) {
        return running(snapshot).stream().map(ObservedPod::name).collect(Collectors.toSet());
    }

    boolean isAsked() {
        return hook != null;
    }

    /// Whether a step may be made now.
    boolean isKnown() {
        if (!isAsked()) {
            return true;
        }
        return isFresh()
                && switch (verdict()) {
                    case Verdict.Known _ -> true;
                    case Verdict.Unknown _ -> usesRoles();
                    case Verdict.Waits _ -> false;
                    case null -> false;
                };
    }

    /// Whether a restart of this Pod takes something away from its users.
    boolean costs(ObservedPod pod) {
        return now.isUp(pod.ordinal()) || (isAsked() && pod.isReady() && !pod.isChangingInPlace());
    }

    Comparator<ObservedPod> comparator() {
        if (isAsked() && verdict() instanceof Verdict.Known(List<String> pods)) {
            return Comparator.comparingInt(pod -> pods.indexOf(pod.name()));
        }
        List<String> roles = now.set().spec().restartOrder();
        return Comparator.<ObservedPod>comparingInt(
                        // A role that is not listed (-1) has no claim to come late.
                        pod -> roles.indexOf(pod.role()))
                .thenComparingInt(pod -> -pod.ordinal());
    }

    /// The question to be asked now; none while it is being asked or was answered a moment ago.
    List<PodAction> questions() {
        OrderAnswers last = now.calls().order();
        if ((last != null && last.asking()) || isFresh()) {
            return List.of();
        }
        SortedSet<Integer> witnesses =
                running(now).stream()
                        .filter(ObservedPod::isReady)
                        .limit(WITNESSES)
                        .map(ObservedPod::ordinal)
                        .collect(Collectors.toCollection(TreeSet::new));
        return witnesses.isEmpty()
                ? List.of()
                : List.of(new PodAction.AskOrder(witnesses, question(now)));
    }

    /// When to ask again; null when nothing is waited for.
    static @Nullable Duration untilAsked(ExPodSetSnapshot snapshot) {
        RestartOrder order = new RestartOrder(snapshot);
        OrderAnswers last = order.current();
        if (last == null || !order.isFresh() || order.isKnown()) {
            return null;
        }
        return Duration.between(snapshot.now(), last.at().plus(FRESH));
    }

    /// The picture of the set that an answer is good for: who runs, at which revision, in which
    /// role, and who is being changed.
    static String question(ExPodSetSnapshot snapshot) {
        return snapshot.updateRevision()
                + running(snapshot).stream()
                        .map(
                                pod ->
                                        " "
                                                + pod.ordinal()
                                                + "/"
                                                + pod.uid()
                                                + "/"
                                                + pod.revision()
                                                + "/"
                                                + pod.role()
                                                + (pod.isChangingInPlace() ? "/changing" : ""))
                        .collect(Collectors.joining());
    }

    private boolean usesRoles() {
        return hook != null && hook.onFailure() == ExPodSet.OnOrderFailure.ROLES;
    }

    private boolean isFresh() {
        OrderAnswers last = current();
        Instant present = now.now();
        return last != null && !last.asking() && present.isBefore(last.at().plus(FRESH));
    }

    private @Nullable OrderAnswers current() {
        OrderAnswers last = now.calls().order();
        return last != null && isAsked() && last.question().equals(question(now)) ? last : null;
    }

    private @Nullable Verdict verdict() {
        OrderAnswers last = current();
        return last == null || last.replies().isEmpty() ? null : judge(last.replies());
    }

    private Verdict judge(Map<Integer, OrderReply> replies) {
        Map<List<String>, String> orders = new LinkedHashMap<>();
        String wrong = null;
        String silent = null;
        for (Map.Entry<Integer, OrderReply> entry : replies.entrySet()) {
            String pod = now.podName(entry.getKey());
            switch (entry.getValue()) {
                case OrderReply.Wait(String message) -> {
                    return new Verdict.Waits(pod + ": " + message);
                }
                case OrderReply.Silent(String message) ->
                        silent = Objects.requireNonNullElse(silent, pod + ": " + message);
                case OrderReply.Malformed(String message) ->
                        wrong = Objects.requireNonNullElse(wrong, pod + ": " + message);
                case OrderReply.Order(List<String> pods) -> {
                    String problem = problem(pods);
                    if (problem != null) {
                        wrong = Objects.requireNonNullElse(wrong, pod + " " + problem);
                    }
                    orders.putIfAbsent(pods, pod);
                }
            }
        }
        if (wrong != null) {
            return new Verdict.Unknown(wrong);
        }
        if (orders.isEmpty()) {
            return new Verdict.Unknown("no Pod gave an order; " + silent);
        }
        return orders.size() == 1
                ? new Verdict.Known(orders.keySet().iterator().next())
                : new Verdict.Unknown(
                        orders.entrySet().stream()
                                .map(o -> o.getValue() + " says " + String.join(", ", o.getKey()))
                                .collect(Collectors.joining("; ")));
    }

    private @Nullable String problem(List<String> pods) {
        Set<String> missing = new TreeSet<>(members(now));
        Set<String> seen = new HashSet<>();
        for (String pod : pods) {
            if (!seen.add(pod)) {
                return "names " + shown(pod) + " twice";
            }
            if (!missing.remove(pod)) {
                return "names " + shown(pod) + ", which is no running Pod of the set";
            }
        }
        return missing.isEmpty() ? null : "leaves out " + String.join(", ", missing);
    }

    private static String shown(String pod) {
        return pod.length() <= 63 ? pod : pod.substring(0, 63) + "...";
    }

    private static List<ObservedPod> running(ExPodSetSnapshot snapshot) {
        return snapshot.pods().values().stream()
                .filter(pod -> snapshot.settings().running().contains(pod.ordinal()))
                .filter(pod -> !pod.terminating() && !pod.isOver())
                .toList();
    }
}
