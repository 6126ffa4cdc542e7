package io.paas.controllers.expodset;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1Pod;
import io.paas.api.json.Json;
import io.paas.api.v1.ExPodSet;
import io.paas.controllers.runtime.Informers;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.controller.Reconciler;
import io.paas.kube.controller.Result;
import io.paas.kube.informer.Informer;
import io.paas.kube.informer.WrittenVersions;
import io.paas.plan.expodset.ExPodSetPlan;
import io.paas.plan.expodset.ExPodSetSnapshot;
import io.paas.plan.expodset.ObservedPod;
import io.paas.plan.expodset.PodAction;
import io.paas.plan.expodset.Revision;
import io.paas.plan.expodset.Settings;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/// Observe, plan, apply, report.
final class ExPodSetReconciler implements Reconciler {

    // A check in memory only; the event that it waits for usually takes a few milliseconds.
    private static final Duration CATCH_UP = Duration.ofMillis(50);
    private static final Duration AFTER_PROBLEM = Duration.ofSeconds(15);
    // The event that is late enqueues the set; this is for one that never comes.
    private static final Duration OUTDATED = Duration.ofSeconds(1);

    /// The caches that a set's picture comes from.
    record Caches(
            Informer<ExPodSet> sets,
            Informer<V1Pod> pods,
            Informer<V1PersistentVolumeClaim> claims,
            Map<String, Informer<?>> byResource) {}

    private final Caches caches;
    private final ResourceClient<ExPodSet> sets;
    private final RevisionStore revisions;
    private final Function<ExPodSetSnapshot, ExPodSetPlan> planner;
    private final PodActionExecutor executor;
    private final PostScaleOut hook;
    private final WrittenVersions written;
    private final InstantSource clock;
    private final Consumer<ObjectKey> enqueue;

    ExPodSetReconciler(
            Caches caches,
            ResourceClient<ExPodSet> sets,
            RevisionStore revisions,
            Function<ExPodSetSnapshot, ExPodSetPlan> planner,
            PodActionExecutor executor,
            PostScaleOut hook,
            WrittenVersions written,
            InstantSource clock,
            Consumer<ObjectKey> enqueue) {
        this.caches = caches;
        this.sets = sets;
        this.revisions = revisions;
        this.planner = planner;
        this.executor = executor;
        this.hook = hook;
        this.written = written;
        this.clock = clock;
        this.enqueue = enqueue;
    }

    @Override
    public Result reconcile(ObjectKey key) {
        ExPodSet set = caches.sets().get(key);
        if (set == null) {
            written.forget(key);
            hook.forget(key);
            return Result.DONE;
        }
        if (!written.caughtUp(key, this::storeVersion)) {
            return Result.after(CATCH_UP);
        }
        if (set.metadata().getDeletionTimestamp() != null) {
            return Result.DONE;
        }
        if (hasNewTemplate(set) && isOutdated(key, set)) {
            return Result.after(OUTDATED);
        }
        List<Revision> ensured;
        try {
            ensured = revisions.ensure(set);
        } catch (NameTaken taken) {
            Problem problem = new Problem("NameTaken", taken.getMessage());
            report(key, observe(key, set, revisions.present(set)), List.of(problem));
            return Result.after(AFTER_PROBLEM);
        }
        ExPodSetSnapshot snapshot = observe(key, set, ensured);
        ExPodSetPlan plan = planner.apply(snapshot);
        if (plan.actions().stream().anyMatch(ExPodSetReconciler::changesPods)
                && isOutdated(key, set)) {
            return Result.after(OUTDATED);
        }
        List<Problem> problems =
                executor.apply(snapshot, plan.actions(), () -> enqueue.accept(key));
        report(key, snapshot, problems);
        return next(plan, problems);
    }

    /// Whether the cache shows a spec that is no longer wanted. Caches lag one by one: a deleted
    /// set may seem alive when its Pods are already known to be gone, and would get new ones.
    private boolean isOutdated(ObjectKey key, ExPodSet cached) {
        ExPodSet present = sets.find(key).orElse(null);
        return present == null
                || present.metadata().getDeletionTimestamp() != null
                || !Objects.equals(present.metadata().getUid(), cached.metadata().getUid())
                || !Objects.equals(
                        present.metadata().getGeneration(), cached.metadata().getGeneration());
    }

    private static boolean changesPods(PodAction action) {
        return switch (action) {
            case PodAction.CreateClaim _, PodAction.CreatePod _, PodAction.DeletePod _ -> true;
            default -> false;
        };
    }

    private boolean hasNewTemplate(ExPodSet set) {
        return revisions.present(set).stream()
                .max(Comparator.comparingLong(Revision::number))
                .filter(newest -> newest.name().equals(RevisionStore.updateRevision(set)))
                .isEmpty();
    }

    private ExPodSetSnapshot observe(ObjectKey key, ExPodSet set, List<Revision> known) {
        ExPodSetSnapshot snapshot =
                new ExPodSetSnapshot(
                        set,
                        Settings.of(set.spec()),
                        pods(set),
                        claims(key),
                        known,
                        RevisionStore.updateRevision(set),
                        null,
                        clock.instant());
        return withHook(snapshot);
    }

    private NavigableMap<Integer, ObservedPod> pods(ExPodSet set) {
        NavigableMap<Integer, ObservedPod> pods = new TreeMap<>();
        String prefix = set.metadata().getName() + "-";
        String uid = String.valueOf(set.metadata().getUid());
        for (V1Pod pod : caches.pods().byIndex(Informers.BY_OWNER, uid)) {
            String name = ObjectKey.of(pod).name();
            if (name.startsWith(prefix)
                    && name.substring(prefix.length()).matches("0|[1-9][0-9]{0,4}")) {
                int ordinal = Integer.parseInt(name.substring(prefix.length()));
                pods.put(ordinal, ObservedPod.of(ordinal, pod));
            }
        }
        return pods;
    }

    private Set<String> claims(ObjectKey key) {
        Set<String> names = new HashSet<>();
        for (V1PersistentVolumeClaim claim :
                caches.claims().byIndex(ExPodSetController.BY_NAMESPACE, key.namespace())) {
            names.add(ObjectKey.of(claim).name());
        }
        return names;
    }

    /// Written only when it differs: a set at rest causes no writes.
    private void report(ObjectKey key, ExPodSetSnapshot snapshot, List<Problem> problems) {
        ExPodSetSnapshot reported = withHook(snapshot);
        ExPodSet.Status status = ExPodSetConditions.status(reported, problems);
        if (status.equals(snapshot.set().status())) {
            return;
        }
        JsonObject body = new JsonObject();
        body.add("status", JsonParser.parseString(Json.write(status)));
        written.wrote(key, PodActionExecutor.SETS, sets.patchStatus(key, new Patch.Merge(body)));
    }

    /// Again when reporting: the call may have been started a moment ago.
    private ExPodSetSnapshot withHook(ExPodSetSnapshot s) {
        return new ExPodSetSnapshot(
                s.set(),
                s.settings(),
                s.pods(),
                s.claims(),
                s.revisions(),
                s.updateRevision(),
                hook.state(s),
                s.now());
    }

    private static Result next(ExPodSetPlan plan, List<Problem> problems) {
        Duration delay = problems.isEmpty() ? null : AFTER_PROBLEM;
        if (plan.lookAgain() != null && (delay == null || plan.lookAgain().compareTo(delay) < 0)) {
            delay = plan.lookAgain();
        }
        return delay == null ? Result.DONE : Result.after(delay);
    }

    private long storeVersion(String resource, String namespace) {
        Informer<?> informer = caches.byResource().get(resource);
        return informer == null ? Long.MAX_VALUE : informer.storeVersion(namespace);
    }
}
