package io.paas.controllers.expodset;

import io.paas.api.v1.Condition;
import io.paas.api.v1.ExPodSet;
import io.paas.controllers.runtime.Conditions;
import io.paas.plan.expodset.ExPodSetSnapshot;
import io.paas.plan.expodset.ExPodSetSnapshot.HookState;
import io.paas.plan.expodset.ObservedPod;
import io.paas.plan.expodset.OrdinalSet;
import io.paas.plan.expodset.PodRows;
import io.paas.plan.expodset.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Makes the status of a set from what was observed. The same picture gives the same status.
final class ExPodSetConditions {

    private final ExPodSetSnapshot now;
    private final Settings settings;
    private final Conditions conditions;

    private ExPodSetConditions(ExPodSetSnapshot snapshot) {
        now = snapshot;
        settings = snapshot.settings();
        ExPodSet.Status before = snapshot.set().status();
        conditions =
                new Conditions(
                        before == null ? List.of() : before.conditions(),
                        snapshot.generation(),
                        snapshot.now());
    }

    static ExPodSet.Status status(ExPodSetSnapshot snapshot, List<Problem> problems) {
        return new ExPodSetConditions(snapshot).status(problems);
    }

    private ExPodSet.Status status(List<Problem> problems) {
        String current = now.currentRevision();
        boolean updated =
                (!now.pods().isEmpty() || settings.running().isEmpty())
                        && now.pods().values().stream()
                                .allMatch(pod -> pod.revision().equals(now.updateRevision()))
                        && now.allUp();
        String currentAfter = updated ? now.updateRevision() : current;
        PodRows rows = PodRows.of(now);
        return new ExPodSet.Status(
                conditions.generation(),
                count(pod -> !pod.terminating()),
                count(ObservedPod::isServing),
                count(this::isAvailable),
                count(pod -> !pod.terminating() && pod.revision().equals(currentAfter)),
                count(pod -> !pod.terminating() && pod.revision().equals(now.updateRevision())),
                currentAfter,
                now.updateRevision(),
                selector(),
                rows.listed(),
                rows.notListed() == 0 ? null : rows.notListed(),
                all(problems));
    }

    private List<Condition> all(List<Problem> problems) {
        List<Condition> all = new ArrayList<>();
        all.add(ready());
        all.add(reconciling());
        all.add(stalled(problems));
        Condition joined = joined();
        if (joined != null) {
            all.add(joined);
        }
        all.addAll(HookConditions.of(now, conditions));
        return List.copyOf(all);
    }

    private Condition ready() {
        NavigableSet<Integer> down = new TreeSet<>(settings.running());
        down.removeIf(ordinal -> isAvailable(now.pods().get(ordinal)));
        if (settings.stopped()) {
            return conditions.isFalse("Ready", "Stopped", "The processes are meant to be stopped.");
        }
        return down.isEmpty()
                ? conditions.isTrue("Ready", "AllAvailable", "All Pods are available.")
                : conditions.isFalse(
                        "Ready",
                        "PodsNotAvailable",
                        "Not available: " + OrdinalSet.text(down) + ".");
    }

    private boolean isAvailable(@Nullable ObservedPod pod) {
        return pod != null && pod.isServing() && pod.isAvailable(now.now(), settings.minReady());
    }

    private Condition reconciling() {
        NavigableSet<Integer> open = new TreeSet<>();
        for (int ordinal : settings.running()) {
            ObservedPod pod = now.pods().get(ordinal);
            boolean outdated =
                    pod != null
                            && now.isBehind(pod)
                            && (pod.isChangingInPlace()
                                    || (!settings.onDelete() && ordinal >= settings.partition()));
            if (pod == null || pod.terminating() || pod.isOver() || outdated) {
                open.add(ordinal);
            }
        }
        now.pods().keySet().stream()
                .filter(ordinal -> !settings.running().contains(ordinal))
                .forEach(open::add);
        return open.isEmpty()
                ? conditions.isFalse("Reconciling", "AsDesired", "All Pods are as desired.")
                : conditions.isTrue(
                        "Reconciling",
                        settings.paused() ? "Paused" : "Progressing",
                        "Not yet as desired: " + OrdinalSet.text(open) + ".");
    }

    private Condition stalled(List<Problem> problems) {
        if (problems.isEmpty()) {
            return conditions.isFalse("Stalled", "NoProblem", "Nothing is in the way.");
        }
        Problem first = problems.getFirst();
        return conditions.isTrue("Stalled", first.reason(), first.message());
    }

    private @Nullable Condition joined() {
        ExPodSet.Hooks hooks = now.set().spec().hooks();
        if (hooks == null || hooks.postScaleOut() == null) {
            return null;
        }
        NavigableSet<Integer> missing = new TreeSet<>(settings.running());
        missing.removeAll(now.joined());
        HookState hook = now.hook();
        if (missing.isEmpty()) {
            return conditions.isTrue("Joined", "AllJoined", "All Pods have joined.");
        }
        String who = "Not joined: " + OrdinalSet.text(missing) + ".";
        if (hook == null) {
            return conditions.isFalse("Joined", "Waiting", who);
        }
        return switch (hook.phase()) {
            case RUNNING, DONE -> conditions.isFalse("Joined", "Joining", who);
            case WAITING ->
                    conditions.isFalse("Joined", "Joining", who + " Asks again: " + hook.message());
            case FAILED, REFUSED ->
                    conditions.isFalse(
                            "Joined",
                            "JoinFailed",
                            who + " Attempt " + (hook.attempt() + 1) + ": " + hook.message());
        };
    }

    private int count(Predicate<ObservedPod> which) {
        return (int) now.pods().values().stream().filter(which).count();
    }

    private String selector() {
        return new TreeMap<>(now.set().spec().selector().matchLabels())
                .entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(","));
    }
}
