package io.paas.controllers.expodset;

import com.google.gson.JsonObject;
import io.paas.api.v1.ExPodSet;
import io.paas.kube.client.ObjectKey;
import io.paas.plan.expodset.ExPodSetSnapshot;
import io.paas.plan.expodset.ExPodSetSnapshot.HookPhase;
import io.paas.plan.expodset.ExPodSetSnapshot.HookState;
import io.paas.plan.expodset.ObservedPod;
import io.paas.plan.expodset.PodAction;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs postScaleOut calls beside the reconciles: a long one must not keep a set from being healed.
///
/// What it remembers may be lost: a new leader calls again with the same idempotency key, and the
/// agent answers with the run that it knows.
final class PostScaleOut {

    /// Writes down that the ordinals have joined, so that nobody asks again.
    interface Recorder {
        void recordJoined(ExPodSet set, String ordinals);
    }

    private static final Logger log = LoggerFactory.getLogger(PostScaleOut.class);
    private static final String API = "post-scale-out";

    /// @param members uids of the Pods that the call speaks of
    private record Remembered(
            String occasion, List<String> members, HookRequest call, HookState state) {}

    private final LifecycleClient client;
    private final InstantSource clock;
    private final Map<ObjectKey, Remembered> remembered = new ConcurrentHashMap<>();

    PostScaleOut(LifecycleClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /// How the last call went. Forgotten when the spec or a member changes, or when somebody asked
    /// to try again: what failed may succeed now. What runs and what was done stays a fact when
    /// only the spec changes.
    @Nullable HookState state(ExPodSetSnapshot snapshot) {
        Remembered last = remembered.get(ObjectKey.of(snapshot.set()));
        if (last == null || last.state().phase() == HookPhase.RUNNING) {
            return last == null ? null : last.state();
        }
        boolean holds =
                last.members().equals(members(snapshot))
                        && (last.state().phase() == HookPhase.DONE
                                || last.occasion().equals(snapshot.occasion()));
        return holds ? last.state() : null;
    }

    /// It was written down that the ordinals have joined.
    void recorded(ObjectKey set) {
        remembered.computeIfPresent(
                set, (_, last) -> last.state().phase() == HookPhase.DONE ? null : last);
    }

    void forget(ObjectKey set) {
        remembered.remove(set);
    }

    /// Starts the call and returns.
    ///
    /// @param changed told when the call has ended
    void start(
            ExPodSetSnapshot snapshot,
            PodAction.CallPostScaleOut action,
            Recorder recorder,
            Runnable changed) {
        ObjectKey set = ObjectKey.of(snapshot.set());
        Attempt attempt = new Attempt(snapshot, action, call(snapshot, action));
        remember(attempt, HookPhase.RUNNING, "");
        Thread.ofVirtual()
                .name(API + " " + set)
                .start(
                        () -> {
                            run(attempt, recorder);
                            changed.run();
                        });
    }

    private record Attempt(
            ExPodSetSnapshot snapshot, PodAction.CallPostScaleOut action, HookRequest call) {

        ObjectKey set() {
            return ObjectKey.of(snapshot.set());
        }
    }

    private void run(Attempt attempt, Recorder recorder) {
        try {
            LifecycleClient.Outcome outcome = send(attempt);
            if (outcome instanceof LifecycleClient.Outcome.Done) {
                writeDown(attempt, recorder);
            } else {
                remember(attempt, outcome.phase(), outcome.message());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.warn("{} of {} failed", API, attempt.set(), e);
            remember(attempt, HookPhase.FAILED, String.valueOf(e.getMessage()));
        }
    }

    /// First the fact, then forget: between the two nobody may call again.
    private void writeDown(Attempt attempt, Recorder recorder) {
        try {
            recorder.recordJoined(attempt.snapshot().set(), attempt.action().target());
            remembered.remove(attempt.set());
        } catch (RuntimeException e) {
            log.warn("{} of {} is done but not recorded", API, attempt.set(), e);
            remember(attempt, HookPhase.DONE, String.valueOf(e.getMessage()));
        }
    }

    private LifecycleClient.Outcome send(Attempt attempt) throws InterruptedException {
        ExPodSet set = attempt.snapshot().set();
        ObservedPod pod =
                Objects.requireNonNull(attempt.snapshot().pods().get(attempt.action().ordinal()));
        Integer seconds = hook(set).timeoutSeconds();
        return client.call(
                HookRequest.address(set, pod),
                API,
                attempt.call().key(),
                attempt.call().parameters(),
                Duration.ofSeconds(seconds == null ? 60 : seconds));
    }

    private HookRequest call(ExPodSetSnapshot snapshot, PodAction.CallPostScaleOut action) {
        HookState last = state(snapshot);
        Remembered before = remembered.get(ObjectKey.of(snapshot.set()));
        boolean again =
                last != null
                        && last.phase() == HookPhase.WAITING
                        && last.target().equals(action.target())
                        && last.attempt() == action.attempt();
        return again && before != null ? before.call() : newCall(snapshot, action);
    }

    private static HookRequest newCall(
            ExPodSetSnapshot snapshot, PodAction.CallPostScaleOut action) {
        return HookRequest.keyed(
                snapshot,
                API,
                action.target(),
                parameters(snapshot, action),
                members(snapshot),
                action.attempt());
    }

    private static List<String> members(ExPodSetSnapshot snapshot) {
        return snapshot.pods().values().stream()
                .filter(pod -> snapshot.settings().running().contains(pod.ordinal()))
                .map(ObservedPod::uid)
                .toList();
    }

    private static ExPodSet.PostScaleOut hook(ExPodSet set) {
        return Objects.requireNonNull(Objects.requireNonNull(set.spec().hooks()).postScaleOut());
    }

    private static JsonObject parameters(
            ExPodSetSnapshot snapshot, PodAction.CallPostScaleOut action) {
        List<ObservedPod> members =
                snapshot.settings().running().stream()
                        .map(ordinal -> Objects.requireNonNull(snapshot.pods().get(ordinal)))
                        .toList();
        return HookRequest.parameters(
                snapshot.set(),
                members,
                "joining",
                action.joining(),
                hook(snapshot.set()).parameters());
    }

    private void remember(Attempt attempt, HookPhase phase, String message) {
        remembered.put(
                attempt.set(),
                new Remembered(
                        attempt.snapshot().occasion(),
                        members(attempt.snapshot()),
                        attempt.call(),
                        new HookState(
                                attempt.action().target(),
                                attempt.action().attempt(),
                                phase,
                                clock.instant(),
                                message)));
    }
}
