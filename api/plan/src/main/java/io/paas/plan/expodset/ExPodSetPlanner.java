package io.paas.plan.expodset;

import static io.paas.plan.expodset.ExPodSetSnapshot.HookPhase.RUNNING;

import io.paas.api.meta.Annotations;
import io.paas.api.v1.ExPodSet;
import io.paas.plan.expodset.ExPodSetSnapshot.HookState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Plans one step for a set; planning again after it was carried out gives the next one.
public final class ExPodSetPlanner {

    /// A Pod that its kubelet rejects fails within a second of its creation, and so does the next
    /// one: without a pause they would be made and deleted as fast as the API server can.
    private static final Duration FAILED_EARLIEST = Duration.ofSeconds(10);

    private final ExPodSetSnapshot now;
    private final Settings settings;
    private final List<PodAction> actions = new ArrayList<>();

    private ExPodSetPlanner(ExPodSetSnapshot snapshot) {
        now = snapshot;
        settings = snapshot.settings();
    }

    /// Deterministic: the same snapshot gives the same plan.
    public static ExPodSetPlan plan(ExPodSetSnapshot snapshot) {
        ExPodSetPlanner planner = new ExPodSetPlanner(snapshot);
        if (snapshot.set().metadata().getDeletionTimestamp() != null) {
            // Its Pods go with it, by the garbage collector.
            return new ExPodSetPlan(List.of(), null);
        }
        if (!planner.settings.paused()) {
            planner.replaceFailed();
            planner.actions.addAll(Claims.updates(snapshot));
            planner.scaleOut();
            planner.scaleIn();
            ScaleInBarrier.hold(snapshot, planner.actions);
            planner.actions.addAll(RollingUpdate.plan(snapshot));
            planner.updateInPlace();
            planner.join();
            planner.dropOldRevisions();
        }
        planner.gate();
        return new ExPodSetPlan(List.copyOf(planner.actions), planner.lookAgain());
    }

    /// Clients are led to members only. One that leaves is none from the beginning, and one of a
    /// set that has no hook any more is one without.
    private void gate() {
        SortedSet<Integer> joined = now.joined();
        for (ObservedPod pod : now.pods().values()) {
            boolean wanted = hook() == null || joined.contains(pod.ordinal());
            boolean isOpen = pod.details().joinedGate().orElse(wanted);
            if (isOpen != wanted && !pod.terminating() && !pod.isOver()) {
                actions.add(new PodAction.GatePod(pod.ordinal(), pod.name(), pod.uid(), wanted));
            }
        }
    }

    private void replaceFailed() {
        for (ObservedPod pod : failed()) {
            if (!untilReplaced(pod).isPositive()) {
                delete(pod, PodAction.Why.FAILED);
            }
        }
    }

    private List<ObservedPod> failed() {
        return now.pods().values().stream()
                .filter(pod -> pod.isOver() && !pod.terminating())
                .filter(pod -> settings.running().contains(pod.ordinal()))
                .toList();
    }

    private Duration untilReplaced(ObservedPod pod) {
        return Duration.between(now.now(), pod.created().plus(FAILED_EARLIEST));
    }

    private void scaleOut() {
        for (int ordinal : settings.running()) {
            boolean missing = !now.pods().containsKey(ordinal);
            createClaims(ordinal);
            if (missing && Claims.mayBeUsed(now, ordinal)) {
                actions.add(new PodAction.CreatePod(ordinal, revisionOf(ordinal)));
            }
            // INVARIANT of OrderedReady: no Pod is created before all below it are up.
            if (!settings.parallel() && !now.isUp(ordinal)) {
                return;
            }
        }
    }

    private void createClaims(int ordinal) {
        for (var template : now.set().spec().volumeClaimTemplates()) {
            String name = template.path("metadata").path("name").asText();
            if (!now.claims().containsKey(PodRenderer.claimName(name, now.podName(ordinal)))) {
                actions.add(new PodAction.CreateClaim(ordinal, name));
            }
        }
    }

    private String revisionOf(int ordinal) {
        return !settings.onDelete() && ordinal < settings.partition()
                ? now.currentRevision()
                : now.updateRevision();
    }

    private void scaleIn() {
        ScaleIn.leaving(now).forEach(pod -> delete(pod, PodAction.Why.SCALED_IN));
    }

    private void updateInPlace() {
        var template = now.set().spec().template();
        for (int ordinal : settings.running()) {
            ObservedPod pod = now.pods().get(ordinal);
            if (pod != null && !pod.terminating() && !pod.isOver()) {
                var labels = PodRenderer.labelsToSet(template, pod);
                var annotations = PodRenderer.annotationsToSet(template, pod);
                if (!labels.isEmpty() || !annotations.isEmpty()) {
                    actions.add(new PodAction.PatchPod(ordinal, pod.name(), labels, annotations));
                }
            }
        }
    }

    private void join() {
        ExPodSet.PostScaleOut hook = hook();
        if (hook == null) {
            return;
        }
        SortedSet<Integer> joining = new TreeSet<>(settings.running());
        SortedSet<Integer> joined = now.joined();
        joining.removeAll(joined);
        if (recordLeft(joined) || joining.isEmpty() || now.calls().leaveRuns()) {
            return;
        }
        if (!settings.stopped() && settings.running().stream().allMatch(this::isReady)) {
            call(hook, joining);
        }
    }

    private boolean isReady(int ordinal) {
        ObservedPod pod = now.pods().get(ordinal);
        return pod != null && pod.isReady();
    }

    /// An ordinal that left must join again when it comes back.
    private boolean recordLeft(SortedSet<Integer> joined) {
        String text = OrdinalSet.text(joined);
        var annotations = now.set().metadata().getAnnotations();
        String recorded = annotations == null ? null : annotations.get(Annotations.JOINED_ORDINALS);
        boolean anyLeft = recorded != null && !recorded.equals(text);
        if (anyLeft) {
            actions.add(new PodAction.RecordJoined(text));
        }
        return anyLeft;
    }

    private void call(ExPodSet.PostScaleOut hook, SortedSet<Integer> joining) {
        String target = OrdinalSet.text(settings.running());
        int caller = settings.running().first();
        HookState last = now.hook();
        if (last == null || (last.phase() != RUNNING && !last.target().equals(target))) {
            actions.add(new PodAction.CallPostScaleOut(caller, joining, target, 0));
        } else if (isDue(hook, last)) {
            actions.add(
                    switch (last.phase()) {
                        case DONE -> new PodAction.RecordJoined(target);
                        case WAITING ->
                                new PodAction.CallPostScaleOut(
                                        caller, joining, target, last.attempt());
                        case RUNNING, FAILED, REFUSED ->
                                new PodAction.CallPostScaleOut(
                                        caller, joining, target, last.attempt() + 1);
                    });
        }
    }

    private boolean isDue(ExPodSet.PostScaleOut hook, HookState last) {
        return goesOn(hook, last) && !now.now().isBefore(last.at().plus(interval(hook)));
    }

    private void dropOldRevisions() {
        List<Revision> unused =
                now.revisions().stream()
                        .filter(revision -> !revision.name().equals(now.updateRevision()))
                        .filter(revision -> !revision.name().equals(now.currentRevision()))
                        .filter(revision -> !hasPods(revision.name()))
                        .sorted((a, b) -> Long.compare(a.number(), b.number()))
                        .toList();
        int excess = Math.max(0, unused.size() - settings.historyLimit());
        unused.subList(0, excess)
                .forEach(revision -> actions.add(new PodAction.DeleteRevision(revision.name())));
    }

    private boolean hasPods(String revision) {
        return now.pods().values().stream().anyMatch(pod -> pod.uses(revision));
    }

    private @Nullable Duration lookAgain() {
        return Stream.of(
                        untilReplaced(),
                        untilAvailable(),
                        untilRetry(),
                        Claims.lookAgain(now),
                        ScaleInBarrier.untilNext(now),
                        RestartOrder.untilAsked(now),
                        InPlaceUpdate.lookAgain(now),
                        PodDiagnosis.lookAgain(now))
                .filter(Objects::nonNull)
                .min(Duration::compareTo)
                .orElse(null);
    }

    private @Nullable Duration untilReplaced() {
        return failed().stream()
                .map(this::untilReplaced)
                .filter(Duration::isPositive)
                .min(Duration::compareTo)
                .orElse(null);
    }

    private @Nullable Duration untilAvailable() {
        return now.pods().values().stream()
                .filter(ObservedPod::isReady)
                .filter(pod -> !now.isAvailable(pod.ordinal()))
                .map(ObservedPod::readySince)
                .filter(Objects::nonNull)
                .map(since -> Duration.between(now.now(), since.plus(settings.minReady())))
                .min(Duration::compareTo)
                .orElse(null);
    }

    private @Nullable Duration untilRetry() {
        ExPodSet.PostScaleOut hook = hook();
        HookState last = now.hook();
        if (hook == null || last == null || !goesOn(hook, last)) {
            return null;
        }
        Duration wait = Duration.between(now.now(), last.at().plus(interval(hook)));
        return wait.isNegative() ? null : wait.plusMillis(1);
    }

    private ExPodSet.@Nullable PostScaleOut hook() {
        ExPodSet.Hooks hooks = now.set().spec().hooks();
        return hooks == null ? null : hooks.postScaleOut();
    }

    private static boolean goesOn(ExPodSet.PostScaleOut hook, HookState last) {
        return switch (last.phase()) {
            case RUNNING, REFUSED -> false;
            case WAITING, DONE -> true;
            case FAILED -> last.attempt() < (hook.retries() == null ? 3 : hook.retries());
        };
    }

    private static Duration interval(ExPodSet.PostScaleOut hook) {
        Integer seconds = hook.retryIntervalSeconds();
        return Duration.ofSeconds(seconds == null ? 5 : seconds);
    }

    private void delete(ObservedPod pod, PodAction.Why why) {
        actions.add(new PodAction.DeletePod(pod.ordinal(), pod.name(), pod.uid(), why));
    }
}
