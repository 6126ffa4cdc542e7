package io.paas.controllers.expodset;

import io.kubernetes.client.openapi.models.V1Pod;
import io.paas.api.v1.ExPodSet;
import io.paas.controllers.runtime.Informers;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.controller.Reconciler;
import io.paas.kube.controller.Result;
import io.paas.kube.informer.Informer;
import io.paas.kube.informer.WrittenVersions;
import io.paas.plan.expodset.Adoption;
import io.paas.plan.expodset.Decommission;
import io.paas.plan.expodset.ExPodSetPlan;
import io.paas.plan.expodset.ExPodSetSnapshot;
import io.paas.plan.expodset.ObservedPod;
import io.paas.plan.expodset.Revision;
import io.paas.plan.expodset.Settings;
import io.paas.plan.expodset.UpdateRevision;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Observe, plan, apply, report.
final class ExPodSetReconciler implements Reconciler {

    // A check in memory only; the event that it waits for usually takes a few milliseconds.
    private static final Duration CATCH_UP = Duration.ofMillis(50);
    private static final Duration AFTER_PROBLEM = Duration.ofSeconds(15);
    // Something else than the set may have been mended: an admission policy, a StorageClass.
    private static final Duration AFTER_LASTING = Duration.ofMinutes(5);
    // The event that is late enqueues the set; this is for one that never comes.
    private static final Duration OUTDATED = Duration.ofSeconds(1);

    /// The caches that a set's picture comes from.
    record Caches(
            Informer<ExPodSet> sets,
            Informer<V1Pod> pods,
            ClaimCache claims,
            Map<String, Informer<?>> byResource) {}

    private final Caches caches;
    private final ResourceClient<ExPodSet> sets;
    private final Freshness freshness;
    private final RevisionStore revisions;
    private final Ownership ownership;
    private final Function<ExPodSetSnapshot, ExPodSetPlan> planner;
    private final PodActionExecutor executor;
    private final List<Upkeep> upkeep;
    private final PostScaleOut hook;
    private final PodCalls calls;
    private final WrittenVersions written;
    private final InstantSource clock;
    private final Consumer<ObjectKey> enqueue;

    ExPodSetReconciler(
            Caches caches,
            ResourceClient<ExPodSet> sets,
            RevisionStore revisions,
            Ownership ownership,
            Function<ExPodSetSnapshot, ExPodSetPlan> planner,
            PodActionExecutor executor,
            List<Upkeep> upkeep,
            PostScaleOut hook,
            PodCalls calls,
            WrittenVersions written,
            InstantSource clock,
            Consumer<ObjectKey> enqueue) {
        this.caches = caches;
        this.sets = sets;
        this.freshness = new Freshness(sets::find);
        this.revisions = revisions;
        this.ownership = ownership;
        this.planner = planner;
        this.executor = executor;
        this.upkeep = upkeep;
        this.hook = hook;
        this.calls = calls;
        this.written = written;
        this.clock = clock;
        this.enqueue = enqueue;
    }

    @Override
    public Result reconcile(ObjectKey key) {
        // Before the set is read: it may be newer than what was waited for, never older.
        boolean caughtUp = written.caughtUp(key, this::storeVersion);
        ExPodSet set = caches.sets().get(key);
        if (set == null) {
            written.forget(key);
            hook.forget(key);
            calls.forget(key);
            freshness.forget(key);
            return Result.DONE;
        }
        if (!caughtUp) {
            return Result.after(CATCH_UP);
        }
        if (set.metadata().getDeletionTimestamp() != null) {
            return Result.DONE;
        }
        boolean settled = ownership.isSettled(set);
        if ((!settled || hasNewTemplate(set)) && freshness.isOutdated(key, set)) {
            return Result.after(OUTDATED);
        }
        List<Problem> problems = new ArrayList<>();
        if (!settled) {
            problems.addAll(ownership.settle(set));
            freshness.forget(key);
            if (problems.isEmpty()) {
                // Everything else waits until the caches show whose is what.
                return Result.after(OUTDATED);
            }
        }
        List<Revision> ensured;
        try {
            ensured = revisions.ensure(set);
        } catch (NameTaken taken) {
            problems.add(new Problem("NameTaken", taken.getMessage()));
            report(key, observe(set, revisions.present(set)), problems);
            return Result.after(AFTER_PROBLEM);
        }
        ExPodSetSnapshot snapshot = observe(set, ensured);
        ExPodSetPlan plan = planner.apply(snapshot);
        if (plan.joins() && !isCurrent(key, set)) {
            // A call may have ended meanwhile: no longer remembered, and its record not read.
            return Result.after(CATCH_UP);
        }
        if (freshness.matters(key, set, plan.actions()) && freshness.isOutdated(key, set)) {
            return Result.after(OUTDATED);
        }
        freshness.saw(key, set, plan.created());
        PodActionExecutor.Applied applied =
                executor.apply(snapshot, plan.actions(), () -> enqueue.accept(key));
        problems.addAll(applied.problems());
        Decommission.blocked(snapshot).forEach(blocked -> problems.add(Problem.of(set, blocked)));
        upkeep.forEach(each -> problems.addAll(each.keep(set)));
        // With what was made: else its event alone would be worth another write.
        report(key, snapshot.with(applied.made()), problems);
        return next(plan, problems);
    }

    /// Whether the cache shows nothing newer, nor waits for something that was written.
    private boolean isCurrent(ObjectKey key, ExPodSet set) {
        ExPodSet cached = caches.sets().get(key);
        return written.caughtUp(key, this::storeVersion)
                && cached != null
                && Objects.equals(
                        cached.metadata().getResourceVersion(),
                        set.metadata().getResourceVersion());
    }

    private boolean hasNewTemplate(ExPodSet set) {
        List<Revision> present = revisions.present(set);
        return present.stream()
                .max(Comparator.comparingLong(Revision::number))
                .filter(newest -> newest.name().equals(UpdateRevision.name(set, present)))
                .isEmpty();
    }

    private ExPodSetSnapshot observe(ExPodSet set, List<Revision> known) {
        Settings settings = Settings.of(set.spec());
        NavigableMap<Integer, ObservedPod> pods = pods(set);
        freshness.saw(ObjectKey.of(set), set, pods.keySet());
        ExPodSetSnapshot snapshot =
                new ExPodSetSnapshot(
                        set,
                        settings,
                        pods,
                        caches.claims().of(set, settings.running(), pods.keySet()),
                        known,
                        UpdateRevision.name(set, known),
                        null,
                        clock.instant());
        return withHook(snapshot);
    }

    private NavigableMap<Integer, ObservedPod> pods(ExPodSet set) {
        NavigableMap<Integer, ObservedPod> pods = new TreeMap<>();
        String uid = String.valueOf(set.metadata().getUid());
        for (V1Pod pod : caches.pods().byIndex(Informers.BY_OWNER, uid)) {
            Adoption.ordinal(set, ObjectKey.of(pod).name())
                    .ifPresent(ordinal -> pods.put(ordinal, ObservedPod.of(ordinal, pod)));
        }
        return pods;
    }

    /// Written only when it differs: a set at rest causes no writes.
    private void report(ObjectKey key, ExPodSetSnapshot snapshot, List<Problem> problems) {
        ExPodSetSnapshot reported = withHook(snapshot);
        List<Problem> all = new ArrayList<>(problems);
        all.addAll(HookConditions.problems(reported));
        ExPodSet.Status status = ExPodSetConditions.status(reported, all);
        if (status.equals(snapshot.set().status())) {
            return;
        }
        Patch patch = StatusPatch.of(snapshot.set().status(), status);
        written.wrote(key, PodActionExecutor.SETS, sets.patchStatus(key, patch));
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
                        s.now())
                .with(calls.of(ObjectKey.of(s.set())));
    }

    private static Result next(ExPodSetPlan plan, List<Problem> problems) {
        Duration delay = afterProblems(problems);
        if (plan.lookAgain() != null && (delay == null || plan.lookAgain().compareTo(delay) < 0)) {
            delay = plan.lookAgain();
        }
        return delay == null ? Result.DONE : Result.after(delay);
    }

    private static @Nullable Duration afterProblems(List<Problem> problems) {
        if (problems.isEmpty()) {
            return null;
        }
        return problems.stream().allMatch(Problem::isLasting) ? AFTER_LASTING : AFTER_PROBLEM;
    }

    private long storeVersion(String resource, String namespace) {
        Informer<?> informer = caches.byResource().get(resource);
        return informer == null ? Long.MAX_VALUE : informer.storeVersion(namespace);
    }
}
