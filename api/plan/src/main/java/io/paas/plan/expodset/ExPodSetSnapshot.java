package io.paas.plan.expodset;

import io.paas.api.meta.Annotations;
import io.paas.api.v1.ExPodSet;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Everything observed about one set at one instant.
///
/// @param pods those that the set controls, by ordinal
/// @param claims ordered by name: those of the running set, and others that the set made
/// @param revisions the set's ControllerRevisions; among them the update revision
/// @param updateRevision name of the revision of the present template
/// @param hook how the last postScaleOut call went; null when none is known
/// @param calls how the other calls to its Pods went
public record ExPodSetSnapshot(
        ExPodSet set,
        Settings settings,
        SortedMap<Integer, ObservedPod> pods,
        Map<String, ObservedClaim> claims,
        List<Revision> revisions,
        String updateRevision,
        @Nullable HookState hook,
        Instant now,
        HookCalls calls) {

    public ExPodSetSnapshot {
        pods = Collections.unmodifiableSortedMap(new TreeMap<>(pods));
        claims = Collections.unmodifiableMap(new TreeMap<>(claims));
    }

    /// A set of whose other calls nothing is known.
    public ExPodSetSnapshot(
            ExPodSet set,
            Settings settings,
            SortedMap<Integer, ObservedPod> pods,
            Map<String, ObservedClaim> claims,
            List<Revision> revisions,
            String updateRevision,
            @Nullable HookState hook,
            Instant now) {
        this(set, settings, pods, claims, revisions, updateRevision, hook, now, HookCalls.NONE);
    }

    public ExPodSetSnapshot with(HookCalls known) {
        return new ExPodSetSnapshot(
                set, settings, pods, claims, revisions, updateRevision, hook, now, known);
    }

    /// The same, with Pods that were just made.
    public ExPodSetSnapshot with(Collection<ObservedPod> made) {
        SortedMap<Integer, ObservedPod> all = new TreeMap<>(pods);
        made.forEach(pod -> all.put(pod.ordinal(), pod));
        return new ExPodSetSnapshot(
                set, settings, all, claims, revisions, updateRevision, hook, now, calls);
    }

    /// How far a postScaleOut call is.
    ///
    /// @param target the ordinals that will have joined, as text
    /// @param attempt from 0
    /// @param at when it began or ended
    /// @param message empty while it runs
    public record HookState(
            String target, int attempt, HookPhase phase, Instant at, String message) {}

    /// Where a call of postScaleOut or preScaleIn stands.
    public enum HookPhase {
        RUNNING,
        /// Nobody knows whether the hook ran: the same call is asked again, as the same attempt.
        WAITING,
        /// The hook answered; the next attempt may succeed.
        FAILED,
        /// The hook answered that no attempt will succeed as things are.
        REFUSED,
        /// It succeeded. Of postScaleOut: which could not be written down yet.
        DONE
    }

    /// The metadata.generation of the set.
    public long generation() {
        Long generation = set.metadata().getGeneration();
        return generation == null ? 0 : generation;
    }

    /// What calls to its Pods are made for: its spec, and the wish to try again what failed under
    /// it. How a call for another occasion ended says nothing of this one.
    public String occasion() {
        Map<String, String> annotations = set.metadata().getAnnotations();
        String retry = annotations == null ? null : annotations.get(Annotations.RETRY);
        return retry == null ? Long.toString(generation()) : generation() + "-" + retry;
    }

    public String podName(int ordinal) {
        return set.metadata().getName() + "-" + ordinal;
    }

    public boolean isAvailable(int ordinal) {
        ObservedPod pod = pods.get(ordinal);
        return pod != null && pod.isAvailable(now, settings.minReady());
    }

    /// Whether an ordinal is as far up as it will get: available, or, when processes are meant to
    /// be stopped, just running.
    public boolean isUp(int ordinal) {
        ObservedPod pod = pods.get(ordinal);
        if (pod == null || pod.terminating() || pod.isChangingInPlace()) {
            return false;
        }
        return settings.stopped() ? pod.phase().equals("Running") : isAvailable(ordinal);
    }

    /// Whether a Pod still has to become one of the update revision, whoever's turn it is.
    public boolean isBehind(ObservedPod pod) {
        return pod.isChangingInPlace() || !pod.revision().equals(updateRevision);
    }

    public boolean allUp() {
        return settings.running().stream().allMatch(this::isUp);
    }

    /// The ordinals of the running set that joined.
    public SortedSet<Integer> joined() {
        Map<String, String> annotations = set.metadata().getAnnotations();
        String text =
                annotations == null
                        ? ""
                        : annotations.getOrDefault(Annotations.JOINED_ORDINALS, "");
        OrdinalSet recorded = OrdinalSet.parseText(text);
        SortedSet<Integer> joined = new TreeSet<>(settings.running());
        joined.removeIf(ordinal -> !recorded.contains(ordinal));
        return joined;
    }

    /// The revision that Pods have which the update does not touch yet.
    ///
    /// From the status while it is there; else from the Pods, so that a lost status changes
    /// nothing.
    public String currentRevision() {
        ExPodSet.Status status = set.status();
        String recorded = status == null ? null : status.currentRevision();
        if (recorded != null && revision(recorded) != null) {
            return recorded;
        }
        return pods.values().stream()
                .map(ObservedPod::revision)
                .filter(name -> !name.equals(updateRevision))
                .map(this::revision)
                .filter(Objects::nonNull)
                .max((a, b) -> Long.compare(a.number(), b.number()))
                .map(Revision::name)
                .orElse(updateRevision);
    }

    public @Nullable Revision revision(String name) {
        return revisions.stream()
                .filter(revision -> revision.name().equals(name))
                .findFirst()
                .orElse(null);
    }
}
