package io.paas.controllers.operation;

import io.paas.api.v1.Operation;
import io.paas.api.v1.Operation.Change;
import io.paas.api.v1.Operation.StepState;
import io.paas.plan.cluster.ClusterChange;
import io.paas.plan.cluster.GroupSize;
import io.paas.plan.cluster.GroupState;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The steps of an Operation that has a transition, one group after the other. Pure.
///
/// A running step is the leave for the cluster's controller to change that group's ExPodSet; here
/// is only asked whether the ExPodSet is as it should be and at rest.
final class GroupSteps {

    private final OperationSnapshot snapshot;
    private final Operation.Transition transition;
    private final OffsetDateTime now;

    private GroupSteps(OperationSnapshot snapshot, Operation.Transition transition) {
        this.snapshot = snapshot;
        this.transition = transition;
        this.now = snapshot.now();
    }

    /// Null for an Operation that changes no groups.
    static @Nullable GroupSteps of(OperationSnapshot snapshot) {
        Operation.Transition transition = snapshot.operation().spec().transition();
        return transition == null ? null : new GroupSteps(snapshot, transition);
    }

    /// The whole plan, before anything is done.
    List<Operation.Step> plan() {
        return transition.changes().stream().map(ClusterChange::pending).toList();
    }

    /// For people: what is done, in order.
    String toText() {
        return String.join("; ", transition.changes().stream().map(ClusterChange::text).toList());
    }

    /// A running step, as the world is now.
    Operation.Step settle(Operation.Step step, boolean cancelled) {
        Optional<String> missing = change(step).flatMap(this::missing);
        if (missing.isEmpty()) {
            return Steps.ended(step, StepState.SUCCEEDED, now, done(step));
        }
        return cancelled
                ? Steps.ended(
                        step,
                        StepState.SKIPPED,
                        now,
                        "cancelled while it waited for " + missing.get())
                : Steps.waiting(step, now, "waits for " + missing.get());
    }

    private Optional<Change> change(Operation.Step step) {
        return transition.changes().stream()
                .filter(change -> ClusterChange.stepName(change).equals(step.name()))
                .findFirst();
    }

    /// What is missing until a change is done; empty when it is.
    private Optional<String> missing(Change change) {
        return switch (change.action()) {
            case DEFINE, FORGET -> Optional.empty();
            case REMOVE ->
                    snapshot.states().containsKey(change.group())
                            ? Optional.of("its Pods to be gone")
                            : Optional.empty();
            case ADD, UPDATE, SCALE -> unfinished(change);
        };
    }

    private Optional<String> unfinished(Change change) {
        GroupState state = snapshot.states().get(change.group());
        if (state == null || state.deleting()) {
            return Optional.of("its ExPodSet to be made");
        }
        boolean brought =
                transition.toRevision().equals(state.revision())
                        && GroupSize.of(change).equals(state.size());
        return brought
                ? Optional.ofNullable(state.waitsFor())
                : Optional.of("its ExPodSet to be changed");
    }

    private String done(Operation.Step step) {
        return change(step)
                .map(
                        change ->
                                switch (change.action()) {
                                    case DEFINE, FORGET -> "stored in the revision";
                                    case REMOVE -> "its Pods are gone";
                                    case ADD, UPDATE, SCALE ->
                                            change.replicas() + " Pods are as wanted";
                                })
                .orElse("done");
    }
}
