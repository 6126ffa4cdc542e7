package io.paas.controllers.cluster;

import io.paas.api.json.Json;
import io.paas.api.v1.Condition;
import io.paas.api.v1.HeldChange;
import io.paas.api.v1.LocalReference;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.MiddlewareCluster.Phase;
import io.paas.api.v1.MiddlewareCluster.Status;
import io.paas.api.v1.Operation;
import io.paas.api.v1.OperationOutcome;
import io.paas.controllers.runtime.Conditions;
import io.paas.plan.cluster.ClusterPlan;
import io.paas.plan.cluster.ClusterPlan.Objection;
import io.paas.plan.cluster.Revision;
import io.paas.plan.cluster.RevisionContent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A cluster's status, made from the world alone.
final class ClusterReport {

    static final String READY = "Ready";
    static final String RECONCILING = "Reconciling";
    static final String STALLED = "Stalled";
    static final String SYNCED = "Synced";

    private final ClusterWorld world;
    private final Conditions conditions;

    private ClusterReport(ClusterWorld world, Conditions conditions) {
        this.world = world;
        this.conditions = conditions;
    }

    static Status deleting(ClusterWorld world, Conditions conditions) {
        ClusterReport report = new ClusterReport(world, conditions);
        String message = "the cluster is being deleted";
        return report.status(
                Phase.DELETING,
                List.of(),
                null,
                null,
                List.of(),
                Optional.of(new Objection("Deleting", message)),
                message);
    }

    static Status blocked(ClusterWorld world, ClusterPlan.Blocked plan, Conditions conditions) {
        ClusterReport report = new ClusterReport(world, conditions);
        List<Objection> objections = List.of(new Objection(plan.reason(), plan.message()));
        return report.status(
                Phase.PENDING,
                List.of(),
                null,
                null,
                objections,
                Optional.of(objections.getFirst()),
                plan.message());
    }

    /// @param more objections of applying the plan
    static Status of(
            ClusterWorld world,
            ClusterPlan.Run plan,
            ClusterRound round,
            List<Objection> more,
            Conditions conditions) {
        List<GroupReport> groups =
                round.layout().groups().stream()
                        .map(p -> new GroupReport(p.group(), world.expodsets().get(p.name())))
                        .toList();
        List<Objection> objections = new ArrayList<>(plan.objections());
        objections.addAll(more);
        for (GroupReport group : groups) {
            group.stalled().ifPresent(c -> objections.add(new Objection(c.reason(), c.message())));
        }
        ClusterReport report = new ClusterReport(world, conditions);
        Phase phase =
                report.phase(
                        groups.stream()
                                .filter(g -> !round.layout().leaving().contains(g.plan().name()))
                                .toList());
        Optional<Objection> notSynced =
                objections.isEmpty()
                        ? notSynced(world, round, groups)
                        : Optional.of(objections.getFirst());
        return report.status(
                phase,
                groups,
                plan.revision(),
                round,
                objections,
                notSynced,
                report.message(groups));
    }

    /// Why the groups are not as the spec says; empty when they are.
    private static Optional<Objection> notSynced(
            ClusterWorld world, ClusterRound round, List<GroupReport> groups) {
        ChangeOperations changes = round.changes();
        HeldChange held = changes.held();
        if (held != null) {
            return Optional.of(new Objection(held.reason(), heldText(held)));
        }
        if (changes.change().touchesGroups()) {
            return Optional.of(
                    world.isPaused()
                            ? new Objection(
                                    "Paused", "spec.paused: not done yet: " + changes.change())
                            : new Objection("Progressing", "to be done: " + changes.change()));
        }
        Optional<Objection> failed = failedProcesses(world);
        if (failed.isPresent()) {
            return failed;
        }
        return groups.stream()
                .filter(group -> !group.isSettled())
                .findFirst()
                .map(
                        group ->
                                new Objection(
                                        "Progressing",
                                        group.plan().name()
                                                + ": not all Pods are as its ExPodSet says"));
    }

    /// The ExPodSets say what the spec says as soon as the Operation is made; whether the processes
    /// obey, its outcome tells.
    private static Optional<Objection> failedProcesses(ClusterWorld world) {
        for (Operation operation : world.history()) {
            OperationOutcome outcome =
                    DerivedOperations.isOfProcesses(world, operation)
                            ? OperationOutcome.of(lastTry(world, operation))
                            : null;
            if (outcome != null
                    && outcome.phase() != Operation.Phase.SUCCEEDED
                    && !outcome.reason().equals(ChangeOperations.SUPERSEDED)) {
                return Optional.of(
                        new Objection(
                                outcome.reason(),
                                "Operation "
                                        + operation.metadata().getName()
                                        + " did not bring the processes to the spec ("
                                        + outcome.message()
                                        + "); start or stop them again"));
            }
        }
        return Optional.empty();
    }

    private static Operation lastTry(ClusterWorld world, Operation operation) {
        Operation last = operation;
        for (Operation later : world.history()) {
            if (Objects.equals(later.spec().retryOf(), last.metadata().getName())) {
                last = later;
            }
        }
        return last;
    }

    static String heldText(HeldChange held) {
        return "Operation "
                + held.operation()
                + " did not bring the groups to the spec ("
                + held.message()
                + "); it is not tried again until the spec changes, or by verb retry of that"
                + " Operation";
    }

    private Phase phase(List<GroupReport> groups) {
        boolean stalled = groups.stream().anyMatch(group -> group.stalled().isPresent());
        if (groups.stream().allMatch(GroupReport::isStopped)) {
            if (!world.operations().isEmpty()) {
                return Phase.UPDATING;
            }
            if (groups.stream().allMatch(group -> group.ready() == 0 && group.isSettled())) {
                return Phase.STOPPED;
            }
            return failedProcesses(world).isPresent() ? Phase.DEGRADED : Phase.UPDATING;
        }
        List<GroupReport> wanted = groups.stream().filter(group -> !group.isStopped()).toList();
        if (wanted.stream().allMatch(GroupReport::isRunning)) {
            return world.operations().isEmpty() ? Phase.RUNNING : Phase.UPDATING;
        }
        if (wanted.stream().noneMatch(GroupReport::hasEverJoined)) {
            return stalled ? Phase.FAILED : Phase.CREATING;
        }
        boolean changing =
                !world.operations().isEmpty()
                        || wanted.stream().anyMatch(g -> !g.isSettled() || !g.hasJoined());
        return changing && !stalled ? Phase.UPDATING : Phase.DEGRADED;
    }

    private String message(List<GroupReport> groups) {
        return groups.stream()
                .map(
                        group -> {
                            String text =
                                    group.plan().name()
                                            + ": "
                                            + group.ready()
                                            + "/"
                                            + group.replicas()
                                            + " Pods are ready";
                            if (group.isStopped()) {
                                return text + ", processes are stopped";
                            }
                            return group.hasJoined() ? text : text + ", not all have joined";
                        })
                .collect(Collectors.joining("; "));
    }

    private Status status(
            Phase phase,
            List<GroupReport> groups,
            @Nullable Revision target,
            @Nullable ClusterRound round,
            List<Objection> objections,
            Optional<Objection> notSynced,
            String message) {
        int wanted = groups.stream().mapToInt(GroupReport::replicas).sum();
        int ready = groups.stream().mapToInt(GroupReport::ready).sum();
        boolean settled = groups.stream().allMatch(GroupReport::isSettled);
        boolean held = round != null && round.changes().held() != null;
        return new Status(
                world.generation(),
                phase,
                groups.isEmpty() ? null : ready + "/" + wanted,
                target == null ? null : current(target, settled),
                target == null ? null : target.name(),
                target == null || !held ? null : target.name(),
                groups.stream().map(GroupReport::toStatus).toList(),
                target == null ? null : connection(target.content()),
                operation(),
                conditions(phase, objections, notSynced, message));
    }

    private List<Condition> conditions(
            Phase phase,
            List<Objection> objections,
            Optional<Objection> notSynced,
            String message) {
        String word = Json.tree(phase).textValue();
        boolean moving =
                switch (phase) {
                    case CREATING, UPDATING, DELETING -> true;
                    case PENDING, RUNNING, STOPPED, DEGRADED, FAILED -> false;
                };
        String stalls =
                objections.stream().map(Objection::message).collect(Collectors.joining("; "));
        return List.of(
                conditions.is(phase == Phase.RUNNING, READY, word, message),
                conditions.is(
                        moving,
                        RECONCILING,
                        world.isPaused() ? "Paused" : word,
                        moving ? message : "nothing is to be done"),
                objections.isEmpty()
                        ? conditions.isFalse(STALLED, "Proceeding", "nothing is in the way")
                        : conditions.isTrue(STALLED, objections.getFirst().reason(), stalls),
                notSynced
                        .map(why -> conditions.isFalse(SYNCED, why.reason(), why.message()))
                        .orElseGet(
                                () ->
                                        conditions.isTrue(
                                                SYNCED, SYNCED, "the groups are as spec says")));
    }

    /// The revision of the group that is furthest behind. Pods of a group that is at the target may
    /// still have the one before.
    private @Nullable String current(Revision target, boolean settled) {
        Optional<Revision> base =
                world.snapshot().base().filter(revision -> !revision.name().equals(target.name()));
        return base.map(Revision::name).orElseGet(() -> settled ? target.name() : before(target));
    }

    /// The revision that Pods still have: the one before the target.
    private @Nullable String before(Revision target) {
        return world.snapshot().revisions().stream()
                .filter(revision -> revision.number() < target.number())
                .max(Comparator.comparingLong(Revision::number))
                .map(Revision::name)
                .orElse(null);
    }

    private MiddlewareCluster.@Nullable Connection connection(RevisionContent content) {
        LocalReference secret = content.inputs().authSecretRef();
        Optional<RevisionContent.Port> port = content.ports().stream().findFirst();
        return port.map(
                        p ->
                                new MiddlewareCluster.Connection(
                                        world.key().name() + "." + world.key().namespace() + ".svc",
                                        p.port(),
                                        secret == null ? null : secret.name()))
                .orElse(null);
    }

    private MiddlewareCluster.@Nullable RunningOperation operation() {
        if (world.operations().isEmpty()) {
            return null;
        }
        Operation running = world.operations().getFirst();
        return new MiddlewareCluster.RunningOperation(
                running.metadata().getName(),
                Json.tree(running.spec().type()).textValue(),
                running.status() == null ? null : running.status().progress());
    }
}
