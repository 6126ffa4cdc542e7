package io.paas.plan.cluster;

import io.paas.api.json.Json;
import io.paas.api.v1.MiddlewareCluster.StaticGroup;
import io.paas.api.v1.Operation;
import io.paas.api.v1.Operation.Action;
import io.paas.api.v1.Operation.Change;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds what differs, group by group.
final class ClusterDifference {

    private final ClusterSnapshot now;
    private final ClusterPlan.Run wanted;
    private final Set<String> unfinished;
    private final Optional<Revision> base;
    private final List<Change> defined = new ArrayList<>();
    private final List<Change> grown = new ArrayList<>();
    private final List<Change> shrunk = new ArrayList<>();
    private final List<Change> forgotten = new ArrayList<>();
    private final Set<Kind> kinds = EnumSet.noneOf(Kind.class);

    /// In which ways the groups differ.
    private enum Kind {
        TEMPLATE,
        TOPOLOGY,
        JOINING,
        LEAVING
    }

    ClusterDifference(ClusterSnapshot now, ClusterPlan.Run wanted, Set<String> unfinished) {
        this.now = now;
        this.wanted = wanted;
        this.unfinished = unfinished;
        this.base = now.base();
    }

    ClusterChange toChange() {
        base.ifPresent(from -> staticGroups(from.content().inputs()));
        wanted.groups().forEach(this::group);
        now.groups().keySet().stream()
                .filter(name -> wanted.group(name).isEmpty())
                .sorted()
                .forEach(this::remove);
        List<Change> changes = new ArrayList<>(defined);
        changes.addAll(grown);
        changes.addAll(shrunk);
        changes.addAll(forgotten);
        return new ClusterChange(
                base.map(Revision::name).orElse(null), wanted.revision(), type(), changes);
    }

    private Operation.Type type() {
        if (kinds.equals(Set.of(Kind.JOINING))) {
            return Operation.Type.SCALE_OUT;
        }
        if (kinds.equals(Set.of(Kind.LEAVING))) {
            return Operation.Type.SCALE_IN;
        }
        return kinds.isEmpty() || kinds.equals(Set.of(Kind.TEMPLATE))
                ? Operation.Type.TEMPLATE_CHANGE
                : Operation.Type.TOPOLOGY_CHANGE;
    }

    private void staticGroups(ClusterInputs from) {
        ClusterInputs to = wanted.revision().content().inputs();
        for (StaticGroup group : to.staticGroups()) {
            Optional<StaticGroup> before = from.staticGroup(group.name());
            if (before.isEmpty()) {
                kinds.add(Kind.TOPOLOGY);
                defined.add(define("add", group));
            } else if (!Json.write(before.get()).equals(Json.write(group))) {
                kinds.add(Kind.TEMPLATE);
                defined.add(define("change", group));
            }
        }
        from.staticGroups().stream()
                .filter(group -> to.staticGroup(group.name()).isEmpty())
                .forEach(
                        group -> {
                            kinds.add(Kind.TOPOLOGY);
                            forgotten.add(
                                    change(
                                            Action.FORGET,
                                            group.name(),
                                            null,
                                            "remove static group " + group.name()));
                        });
    }

    private static Change define(String verb, StaticGroup group) {
        return change(
                Action.DEFINE,
                group.name(),
                null,
                verb
                        + " static group "
                        + group.name()
                        + (group.from() == null ? "" : " (from " + group.from() + ")"));
    }

    private void group(ClusterPlan.Group group) {
        GroupState state = now.groups().get(group.name());
        if (state == null || state.deleting()) {
            // One that the other groups' revision has was there before: it is made again at once.
            if (base.flatMap(revision -> revision.content().group(group.name())).isEmpty()) {
                add(group);
            }
            return;
        }
        boolean sameTemplate =
                now.revisionOf(state)
                        .flatMap(revision -> revision.content().group(group.name()))
                        .filter(content -> content.sameAs(group.content()))
                        .isPresent();
        GroupSize before = state.size();
        boolean sameSize = before.equals(group.size());
        if (sameTemplate && sameSize && !unfinished.contains(group.name())) {
            return;
        }
        boolean leaves = !before.without(group.size()).isEmpty();
        if (!sameTemplate) {
            kinds.add(Kind.TEMPLATE);
        }
        if (leaves) {
            kinds.add(Kind.LEAVING);
        }
        if (!sameSize && (!leaves || !group.size().without(before).isEmpty())) {
            kinds.add(Kind.JOINING);
        }
        (leaves ? shrunk : grown)
                .add(
                        sameTemplate
                                ? ClusterChange.scale(group.name(), before, group.size())
                                : update(group, before));
    }

    private void add(ClusterPlan.Group group) {
        kinds.add(Kind.TOPOLOGY);
        String staticGroup = group.content().staticGroup();
        grown.add(
                change(
                        Action.ADD,
                        group.name(),
                        group.size(),
                        "add group "
                                + group.name()
                                + ": "
                                + GroupSize.pods(group.replicas())
                                + (staticGroup == null ? "" : " of static group " + staticGroup)));
    }

    private Change update(ClusterPlan.Group group, GroupSize before) {
        return change(
                Action.UPDATE,
                group.name(),
                group.size(),
                "roll group "
                        + group.name()
                        + " to revision "
                        + wanted.revision().name()
                        + (before.equals(group.size()) ? "" : ", " + before.toText(group.size())));
    }

    private void remove(String group) {
        kinds.add(Kind.TOPOLOGY);
        int replicas = Objects.requireNonNull(now.groups().get(group)).size().replicas();
        shrunk.add(
                change(
                        Action.REMOVE,
                        group,
                        GroupSize.of(0),
                        "remove group "
                                + group
                                + ": "
                                + GroupSize.pods(replicas)
                                + "; claims are kept"));
    }

    private static Change change(
            Action action, String group, @Nullable GroupSize size, String summary) {
        return size == null
                ? new Change(action, group, null, List.of(), summary)
                : size.toChange(action, group, summary);
    }
}
