package io.paas.controllers.operation;

import io.paas.api.v1.Operation;
import io.paas.api.v1.Operation.StepState;
import io.paas.plan.process.GroupSnapshot;
import io.paas.plan.process.PlanOutcome;
import io.paas.plan.process.ProcessPlan;
import io.paas.plan.process.ProcessPlanner;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Begins the next wave: orders what is left by the roles of this instant, and takes out the Pods
/// that are not meant any more. Pure.
final class WaveStarter {

    /// @param replanned why the order of the steps was changed, if it was
    record Started(List<Operation.Step> steps, Optional<String> replanned) {}

    private final OperationSnapshot snapshot;
    private final Operation.Parameters parameters;
    private final OffsetDateTime now;

    WaveStarter(OperationSnapshot snapshot, Operation.Parameters parameters) {
        this.snapshot = snapshot;
        this.parameters = parameters;
        this.now = snapshot.now();
    }

    /// Waves in which nothing is left to do are passed over. No running step means no step is left.
    Started start(List<Operation.Step> before) {
        List<Operation.Step> steps = replan(before);
        boolean replanned = !steps.equals(before);
        List<Operation.Step> result = new ArrayList<>(steps);
        for (int wave = firstPending(result); wave >= 0; wave = firstPending(result)) {
            int next = wave;
            result.replaceAll(
                    step ->
                            step.state() == StepState.PENDING && wave(step) == next
                                    ? begin(step)
                                    : step);
            if (result.stream().anyMatch(step -> step.state() == StepState.RUNNING)) {
                break;
            }
        }
        return new Started(
                result,
                replanned
                        ? Optional.of(
                                "roles changed; left in this order: "
                                        + pending(steps).stream()
                                                .map(Operation.Step::pod)
                                                .collect(Collectors.joining(" ")))
                        : Optional.empty());
    }

    private Operation.Step begin(Operation.Step step) {
        GroupSnapshot.Pod pod = snapshot.pod(step.pod());
        if (pod == null && !snapshot.wanted().contains(String.valueOf(step.pod()))) {
            return Steps.ended(
                    step, StepState.SKIPPED, now, step.pod() + " is no longer in the cluster");
        }
        String wanted = parameters.role();
        @Nullable String role = pod == null ? null : pod.role();
        if (wanted != null && !wanted.equals(role)) {
            return Steps.ended(
                    step,
                    StepState.SKIPPED,
                    now,
                    step.pod()
                            + " no longer has role "
                            + wanted
                            + "; it has "
                            + (role == null ? "none" : role));
        }
        return Steps.begun(step, now);
    }

    /// The pending steps in the order that a new plan gives them, with the waves that follow.
    private List<Operation.Step> replan(List<Operation.Step> before) {
        List<Operation.Step> pending = pending(before);
        if (pending.size() < 2 || pending.stream().anyMatch(s -> snapshot.pod(s.pod()) == null)) {
            return before;
        }
        if (!(ProcessPlanner.plan(snapshot.operation().spec().type(), groupsOf(pending), everyPod())
                instanceof PlanOutcome.Planned(ProcessPlan plan))) {
            return before;
        }
        Map<String, Operation.Step> byName =
                pending.stream()
                        .collect(Collectors.toMap(Operation.Step::name, Function.identity()));
        List<Operation.Step> again =
                plan.toStatusSteps().stream()
                        .filter(step -> byName.containsKey(step.name()))
                        .toList();
        List<String> order = again.stream().map(Operation.Step::name).toList();
        if (again.size() != pending.size()
                || order.equals(pending.stream().map(Operation.Step::name).toList())) {
            return before;
        }
        int done =
                before.stream()
                        .filter(step -> step.state() != StepState.PENDING)
                        .mapToInt(step -> wave(step) + 1)
                        .max()
                        .orElse(0);
        List<Operation.Step> result =
                new ArrayList<>(
                        before.stream().filter(step -> step.state() != StepState.PENDING).toList());
        Map<String, String> roles = new HashMap<>();
        snapshot.groups().stream()
                .flatMap(group -> group.pods().stream())
                .forEach(pod -> roles.put(pod.name(), String.valueOf(pod.role())));
        again.forEach(
                step ->
                        result.add(
                                Steps.moved(
                                        Objects.requireNonNull(byName.get(step.name())),
                                        done + wave(step),
                                        "Replanned: its role is now " + roles.get(step.pod()))));
        return result;
    }

    private List<GroupSnapshot> groupsOf(List<Operation.Step> pending) {
        List<String> pods = pending.stream().map(Operation.Step::pod).toList();
        return snapshot.groups().stream()
                .map(
                        group ->
                                new GroupSnapshot(
                                        group.name(),
                                        group.restartOrder(),
                                        group.pods().stream()
                                                .filter(pod -> pods.contains(pod.name()))
                                                .toList(),
                                        List.of()))
                .toList();
    }

    private Operation.Parameters everyPod() {
        return Operation.Parameters.ofProcesses(
                List.of(), null, List.of(), null, null, parameters.maxConcurrent(), null);
    }

    private static List<Operation.Step> pending(List<Operation.Step> steps) {
        return steps.stream().filter(step -> step.state() == StepState.PENDING).toList();
    }

    private static int firstPending(List<Operation.Step> steps) {
        return pending(steps).stream().mapToInt(WaveStarter::wave).min().orElse(-1);
    }

    private static int wave(Operation.Step step) {
        return Objects.requireNonNullElse(step.wave(), 0);
    }
}
