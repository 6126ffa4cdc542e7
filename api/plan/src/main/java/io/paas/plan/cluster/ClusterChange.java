package io.paas.plan.cluster;

import io.paas.api.json.Json;
import io.paas.api.v1.Operation;
import io.paas.api.v1.Operation.Action;
import io.paas.api.v1.Operation.Change;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is between a cluster's groups and its spec: the plan of one Operation (FR-010).
///
/// The order: what is defined, then groups that are new, grow or get another template, then those
/// that shrink or go. So what goes is there until what replaces it is.
///
/// @param from the revision of the group that is furthest behind; null when none is known
/// @param type ScaleOut or ScaleIn when only Pods join or only Pods leave; TopologyChange when
///   groups or their Pods differ in another way, also if templates do as well; else TemplateChange
/// @param changes empty when nothing is between them
public record ClusterChange(
        @Nullable String from, Revision to, Operation.Type type, List<Change> changes) {

    public ClusterChange {
        changes = List.copyOf(changes);
    }

    /// What is to be done; no changes when nothing is.
    ///
    /// @param unfinished groups that an Operation which ends now had begun to change: the next one
    ///   waits for them
    public static ClusterChange between(
            ClusterSnapshot now, ClusterPlan.Run wanted, Set<String> unfinished) {
        // A first creation is not a change.
        return now.groups().isEmpty()
                ? new ClusterChange(
                        null, wanted.revision(), Operation.Type.TEMPLATE_CHANGE, List.of())
                : new ClusterDifference(now, wanted, unfinished).toChange();
    }

    /// Whether a group's Pods are still to be changed.
    public boolean touchesGroups() {
        return changes.stream().anyMatch(change -> isOfGroup(change.action()));
    }

    /// What becomes of a group whose Pods become more or fewer and nothing else.
    public static Change scale(String group, GroupSize before, GroupSize after) {
        return after.toChange(
                Action.SCALE,
                group,
                before.equals(after)
                        ? "finish group " + group + ": " + GroupSize.pods(after.replicas())
                        : "scale group " + group + ": " + before.toText(after));
    }

    /// The step of a change that has not begun.
    public static Operation.Step pending(Change change) {
        return new Operation.Step(
                stepName(change),
                null,
                change.group(),
                null,
                Operation.StepState.PENDING,
                null,
                null,
                null,
                text(change));
    }

    /// What a change does, for people.
    public static String text(Change change) {
        return Objects.requireNonNullElse(change.summary(), stepName(change));
    }

    /// How many Pods the changed groups have afterwards.
    public int pods() {
        return changes.stream()
                .map(Change::replicas)
                .filter(Objects::nonNull)
                .mapToInt(Integer::intValue)
                .sum();
    }

    /// Whether an Operation that was planned earlier still ends where the spec is.
    public boolean isEndOf(Operation.Transition earlier, ClusterPlan.Run wanted) {
        return earlier.toRevision().equals(to.name())
                && earlier.changes().stream().allMatch(change -> agrees(change, wanted))
                && changes.stream()
                        .filter(change -> isOfGroup(change.action()))
                        .allMatch(
                                change ->
                                        earlier.changes().stream()
                                                .anyMatch(c -> isOfSameGroup(c, change)));
    }

    /// What its Operation is given.
    public Operation.Transition transition(long generation) {
        return new Operation.Transition(generation, from, to.name(), changes);
    }

    @Override
    public String toString() {
        return changes.isEmpty()
                ? "nothing"
                : String.join("; ", changes.stream().map(change -> text(change)).toList());
    }

    private static boolean agrees(Change change, ClusterPlan.Run wanted) {
        Optional<ClusterPlan.Group> group = wanted.group(change.group());
        return switch (change.action()) {
            case DEFINE, FORGET -> true;
            case REMOVE -> group.isEmpty();
            case ADD, UPDATE, SCALE ->
                    group.isPresent() && GroupSize.of(change).equals(group.get().size());
        };
    }

    private static boolean isOfSameGroup(Change one, Change other) {
        return isOfGroup(one.action()) && one.group().equals(other.group());
    }

    /// Unique in a plan, for example `Add-cache`.
    public static String stepName(Change change) {
        return Json.tree(change.action()).textValue() + "-" + change.group();
    }

    /// Whether it is of a dynamic group.
    public static boolean isOfGroup(Action action) {
        return switch (action) {
            case ADD, UPDATE, SCALE, REMOVE -> true;
            case DEFINE, FORGET -> false;
        };
    }
}
