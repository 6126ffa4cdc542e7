package io.paas.plan.cluster;

import io.paas.api.v1.Operation.Action;
import io.paas.api.v1.Operation.Change;
import io.paas.plan.expodset.OrdinalSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// How many Pods a group has, and which ordinals it leaves out.
///
/// @param offlineOrdinals numbers and ranges, ascending
public record GroupSize(int replicas, List<String> offlineOrdinals) {

    private static final int MAX_TEXT = 120;

    public GroupSize {
        offlineOrdinals = OrdinalSet.parse(offlineOrdinals).normalized().toTexts();
    }

    public static GroupSize of(int replicas) {
        return new GroupSize(replicas, List.of());
    }

    public static GroupSize of(Change change) {
        return new GroupSize(
                Objects.requireNonNullElse(change.replicas(), 0), change.offlineOrdinals());
    }

    /// The ordinals of its Pods.
    public SortedSet<Integer> running() {
        return OrdinalSet.parse(offlineOrdinals).running(replicas);
    }

    /// What becomes of a group that gets this size.
    Change toChange(Action action, String group, String summary) {
        return new Change(action, group, replicas, offlineOrdinals, summary);
    }

    /// For people, for example `5 -> 4 Pods; ordinal 2 leaves, its claims are kept`.
    String toText(GroupSize after) {
        SortedSet<Integer> leaving = without(after);
        SortedSet<Integer> joining = after.without(this);
        String left =
                switch (leaving.size()) {
                    case 0 -> "";
                    case 1 -> "; ordinal " + leaving.first() + " leaves, its claims are kept";
                    default -> "; ordinals " + shortText(leaving) + " leave, their claims are kept";
                };
        String joined =
                switch (joining.size()) {
                    case 0 -> "";
                    case 1 -> "; ordinal " + joining.first() + " joins";
                    default -> "; ordinals " + shortText(joining) + " join";
                };
        return replicas + " -> " + pods(after.replicas) + left + joined;
    }

    /// The summary of a change has its limit.
    private static String shortText(SortedSet<Integer> ordinals) {
        String text = OrdinalSet.text(ordinals);
        return text.length() <= MAX_TEXT
                ? text
                : text.substring(0, MAX_TEXT) + "... (" + ordinals.size() + ")";
    }

    static String pods(int number) {
        return number + (number == 1 ? " Pod" : " Pods");
    }

    /// Without these ordinals, each of which runs.
    GroupSize taking(Set<Integer> ordinals) {
        List<String> offline = new ArrayList<>(offlineOrdinals);
        offline.addAll(OrdinalSet.of(ordinals).toTexts());
        return new GroupSize(replicas - ordinals.size(), offline);
    }

    /// With these ordinals, each of which is offline.
    GroupSize bringing(SortedSet<Integer> ordinals) {
        return new GroupSize(
                replicas + ordinals.size(),
                OrdinalSet.parse(offlineOrdinals).without(ordinals).toTexts());
    }

    /// The ordinals that this size has and another has not.
    public SortedSet<Integer> without(GroupSize other) {
        SortedSet<Integer> ordinals = new TreeSet<>(running());
        ordinals.removeAll(other.running());
        return ordinals;
    }
}
