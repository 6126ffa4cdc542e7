package io.paas.controllers.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.paas.api.json.Json;
import io.paas.api.v1.Condition;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.HeldChange;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.MiddlewareCluster.Status;
import io.paas.api.v1.Operation;
import io.paas.controllers.runtime.Conditions;
import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.controller.EventRecorder;
import io.paas.kube.controller.Reconciler;
import io.paas.kube.controller.Result;
import io.paas.kube.informer.WrittenVersions;
import io.paas.plan.cluster.ClusterLayout;
import io.paas.plan.cluster.ClusterObjects;
import io.paas.plan.cluster.ClusterPlan;
import io.paas.plan.cluster.ClusterPlan.Objection;
import io.paas.plan.cluster.ClusterPlanner;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// One round for one MiddlewareCluster: observe, plan, apply, report.
final class ClusterReconciler implements Reconciler {

    // The event that brings a cache forward comes first nearly always.
    private static final Duration CACHE_DELAY = Duration.ofMillis(500);
    // Secrets are not watched.
    private static final Duration SECRET_DELAY = Duration.ofSeconds(5);
    // Nor are strangers' objects and quotas.
    private static final Duration OBJECTION_DELAY = Duration.ofSeconds(15);

    private final ClusterObserver observer;
    private final ClusterWriter writer;
    private final WrittenVersions written;
    private final WrittenVersions.StoreVersions storeVersions;
    private final EventRecorder events;
    private final InstantSource clock;

    /// @param storeVersions of the caches, by the resource's name
    ClusterReconciler(
            ClusterObserver observer,
            ClusterWriter writer,
            WrittenVersions written,
            WrittenVersions.StoreVersions storeVersions,
            EventRecorder events,
            InstantSource clock) {
        this.observer = observer;
        this.writer = writer;
        this.written = written;
        this.storeVersions = storeVersions;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public Result reconcile(ObjectKey key) {
        if (!written.caughtUp(key, storeVersions)) {
            return Result.after(CACHE_DELAY);
        }
        ClusterWorld world = observer.observe(key);
        if (world == null) {
            written.forget(key);
            return Result.DONE;
        }
        Status before = world.cluster().status();
        List<Condition> old = before == null ? List.of() : before.conditions();
        Conditions conditions = new Conditions(old, world.generation(), clock.instant());
        if (world.cluster().metadata().getDeletionTimestamp() != null) {
            report(world, ClusterReport.deleting(world, conditions));
            return Result.DONE;
        }
        return switch (ClusterPlanner.plan(world.snapshot())) {
            case ClusterPlan.Blocked blocked -> {
                report(world, ClusterReport.blocked(world, blocked, conditions));
                yield blocked.reason().equals(ClusterPlanner.SECRET_NOT_FOUND)
                        ? Result.after(SECRET_DELAY)
                        : Result.DONE;
            }
            case ClusterPlan.Run run -> {
                ClusterPlan.Run plan = hold(world, run);
                ClusterRound round = ClusterRound.of(world, plan);
                List<Objection> objections = apply(world, plan, round);
                report(world, ClusterReport.of(world, plan, round, objections, conditions));
                yield again(plan, objections);
            }
        };
    }

    private static Result again(ClusterPlan.Run plan, List<Objection> objections) {
        if (plan.objections().stream()
                .anyMatch(o -> o.reason().equals(ClusterPlanner.SECRET_NOT_FOUND))) {
            return Result.after(SECRET_DELAY);
        }
        return objections.isEmpty() ? Result.DONE : Result.after(OBJECTION_DELAY);
    }

    /// While paused, a process state stays what it is; the difference is found again afterwards.
    private static ClusterPlan.Run hold(ClusterWorld world, ClusterPlan.Run plan) {
        if (!world.isPaused()) {
            return plan;
        }
        List<ClusterPlan.Group> groups =
                plan.groups().stream()
                        .map(
                                group -> {
                                    ExPodSet set = world.expodsets().get(group.name());
                                    return set == null
                                            ? group
                                            : new ClusterPlan.Group(
                                                    group.content(),
                                                    group.size(),
                                                    DerivedOperations.stateOf(set));
                                })
                        .toList();
        return new ClusterPlan.Run(plan.revision(), plan.stored(), groups, plan.objections());
    }

    private List<Objection> apply(ClusterWorld world, ClusterPlan.Run plan, ClusterRound round) {
        MiddlewareCluster cluster = world.cluster();
        try {
            if (!plan.stored()) {
                writer.revision(world, plan.revision());
                events.normal(
                        cluster,
                        "CreateRevision",
                        "NewRevision",
                        "revision " + plan.revision().name() + " is the target now");
            }
            for (ObjectNode object : ClusterObjects.before(cluster, round.layout())) {
                writer.supporting(world, object);
            }
            // Before the ExPodSets: what they are is what the difference is seen by.
            Optional<Operation> superseded = DerivedOperations.superseded(world, clock.instant());
            if (superseded.isPresent()) {
                writer.operation(world, superseded.get());
            }
            for (Operation operation : round.processes()) {
                create(world, operation, "follows the spec");
            }
            change(world, round.changes());
            expodsets(world, round.layout());
            if (round.changes().change().changes().isEmpty() && world.operations().isEmpty()) {
                writer.deleteOldRevisions(world, plan.revision());
            }
            return List.of();
        } catch (Applier.NameTaken taken) {
            return List.of(new Objection("NameTaken", Objects.requireNonNull(taken.getMessage())));
        } catch (ApiFailure.Forbidden | ApiFailure.Invalid refused) {
            // A full quota, a name that is too long, a policy: the user's to solve, so they must
            // read it.
            return List.of(
                    new Objection("ApplyFailed", Objects.requireNonNull(refused.getMessage())));
        }
    }

    /// The next Operation before the end of the one that it takes over from: killed in between,
    /// nothing is lost.
    private void change(ClusterWorld world, ChangeOperations changes) throws Applier.NameTaken {
        if (changes.create() != null) {
            create(world, changes.create(), changes.change().toString());
        }
        for (Operation operation : changes.superseded()) {
            writer.end(
                    world, operation, ChangeOperations.outcome(world, operation, clock.instant()));
        }
        HeldChange hold = changes.hold();
        if (hold != null) {
            writer.hold(world, hold);
            events.warning(world.cluster(), "Reconcile", "Held", ClusterReport.heldText(hold));
        }
    }

    private void create(ClusterWorld world, Operation operation, String what)
            throws Applier.NameTaken {
        if (writer.operation(world, operation)) {
            events.normal(
                    world.cluster(),
                    "CreateOperation",
                    Json.tree(operation.spec().type()).textValue(),
                    "Operation " + operation.metadata().getName() + ": " + what);
        }
    }

    private void expodsets(ClusterWorld world, ClusterLayout layout) throws Applier.NameTaken {
        for (ObjectNode object : ClusterObjects.expodsets(world.cluster(), layout)) {
            writer.expodset(world, object);
        }
        for (String group : layout.leaving()) {
            ExPodSet set = world.expodsets().get(group);
            if (set != null && set.metadata().getDeletionTimestamp() == null) {
                writer.deleteExPodSet(world, set);
            }
        }
        writer.deleteLeftOvers(world, layout::has);
    }

    private void report(ClusterWorld world, Status now) {
        Status before = world.cluster().status();
        if (before != null && Json.write(before).equals(Json.write(now))) {
            return;
        }
        writer.status(world, now);
        announce(world.cluster(), before == null ? List.of() : before.conditions(), now);
        if (before == null || before.phase() != now.phase()) {
            Condition ready = Conditions.find(now.conditions(), ClusterReport.READY).orElseThrow();
            events.normal(world.cluster(), "Reconcile", ready.reason(), ready.message());
        }
    }

    private void announce(MiddlewareCluster cluster, List<Condition> old, Status now) {
        Condition stalled = Conditions.find(now.conditions(), ClusterReport.STALLED).orElseThrow();
        Optional<Condition> before = Conditions.find(old, ClusterReport.STALLED);
        if (stalled.isTrue()
                && !before.filter(Condition::isTrue)
                        .map(Condition::reason)
                        .equals(Optional.of(stalled.reason()))) {
            events.warning(cluster, "Reconcile", stalled.reason(), stalled.message());
        }
    }
}
