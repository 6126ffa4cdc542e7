package io.paas.plan.cluster;

import io.paas.api.json.Json;
import io.paas.api.v1.MiddlewareCluster.StaticGroup;
import io.paas.api.v1.Operation.Action;
import io.paas.api.v1.Operation.Change;
import java.util.ArrayList;
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
    private boolean topology;

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
                base.map(Revision::name).orElse(null), wanted.revision(), changes, topology);
    }

    private void staticGroups(ClusterInputs from) {
        ClusterInputs to = wanted.revision().content().inputs();
        for (StaticGroup group : to.staticGroups()) {
            Optional<StaticGroup> before = from.staticGroup(group.name());
            if (before.isEmpty()) {
                topology = true;
                defined.add(define("add", group));
            } else if (!Json.write(before.get()).equals(Json.write(group))) {
                defined.add(define("change", group));
            }
        }
        from.staticGroups().stream()
                .filter(group -> to.staticGroup(group.name()).isEmpty())
                .forEach(
                        group -> {
                            topology = true;
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
        int before = state.replicas();
        if (sameTemplate && before == group.replicas() && !unfinished.contains(group.name())) {
            return;
        }
        topology |= before != group.replicas();
        List<Change> list = group.replicas() < before ? shrunk : grown;
        list.add(sameTemplate ? scale(group, before) : update(group, before));
    }

    private void add(ClusterPlan.Group group) {
        topology = true;
        String staticGroup = group.content().staticGroup();
        grown.add(
                change(
                        Action.ADD,
                        group.name(),
                        group.replicas(),
                        "add group "
                                + group.name()
                                + ": "
                                + pods(group.replicas())
                                + (staticGroup == null ? "" : " of static group " + staticGroup)));
    }

    private Change update(ClusterPlan.Group group, int before) {
        return change(
                Action.UPDATE,
                group.name(),
                group.replicas(),
                "roll group "
                        + group.name()
                        + " to revision "
                        + wanted.revision().name()
                        + (before == group.replicas()
                                ? ""
                                : ", " + before + " -> " + pods(group.replicas())));
    }

    private static Change scale(ClusterPlan.Group group, int before) {
        return change(
                Action.SCALE,
                group.name(),
                group.replicas(),
                before == group.replicas()
                        ? "finish group " + group.name() + ": " + pods(before)
                        : "scale group "
                                + group.name()
                                + ": "
                                + before
                                + " -> "
                                + pods(group.replicas()));
    }

    private void remove(String group) {
        topology = true;
        int replicas = Objects.requireNonNull(now.groups().get(group)).replicas();
        shrunk.add(
                change(
                        Action.REMOVE,
                        group,
                        0,
                        "remove group " + group + ": " + pods(replicas) + "; claims are kept"));
    }

    private static Change change(
            Action action, String group, @Nullable Integer replicas, String summary) {
        return new Change(action, group, replicas, summary);
    }

    private static String pods(int number) {
        return number + (number == 1 ? " Pod" : " Pods");
    }
}
