package io.paas.controllers.expodset;

import com.google.gson.JsonObject;
import io.paas.api.v1.ExPodSet;
import io.paas.kube.client.ObjectKey;
import io.paas.plan.expodset.ExPodSetSnapshot;
import io.paas.plan.expodset.ExPodSetSnapshot.HookPhase;
import io.paas.plan.expodset.HookCalls.LeaveCall;
import io.paas.plan.expodset.ObservedPod;
import io.paas.plan.expodset.OrdinalSet;
import io.paas.plan.expodset.PodAction;
import io.paas.plan.expodset.ScaleInBarrier;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs preScaleIn calls beside the reconciles.
///
/// What it remembers may be lost: a new leader calls again with the same idempotency key, and the
/// agent answers with the run that it knows.
final class LeaveCalls {

    private static final Logger log = LoggerFactory.getLogger(LeaveCalls.class);
    private static final String API = "pre-scale-in";

    private record Remembered(HookRequest request, LeaveCall call) {}

    private final LifecycleClient client;
    private final InstantSource clock;
    private final Map<ObjectKey, Remembered> remembered = new ConcurrentHashMap<>();

    LeaveCalls(LifecycleClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /// The last call; whether it still counts is the planner's to judge.
    @Nullable LeaveCall call(ObjectKey set) {
        Remembered last = remembered.get(set);
        return last == null ? null : last.call();
    }

    void forget(ObjectKey set) {
        remembered.remove(set);
    }

    /// Starts the call and returns.
    ///
    /// @param changed told when the call has ended
    void start(ExPodSetSnapshot snapshot, PodAction.CallPreScaleIn action, Runnable changed) {
        ObjectKey set = ObjectKey.of(snapshot.set());
        Remembered begun =
                new Remembered(
                        request(snapshot, action),
                        call(snapshot, action, HookPhase.RUNNING, clock.instant(), ""));
        remembered.put(set, begun);
        Thread.ofVirtual()
                .name(API + " " + set)
                .start(
                        () -> {
                            LeaveCall ended = run(snapshot, action, begun.request());
                            // Not for a set that was forgotten meanwhile.
                            remembered.computeIfPresent(
                                    set, (_, _) -> new Remembered(begun.request(), ended));
                            changed.run();
                        });
    }

    private LeaveCall run(
            ExPodSetSnapshot snapshot, PodAction.CallPreScaleIn action, HookRequest request) {
        if (action.ordinal() == PodAction.CallPreScaleIn.NOBODY) {
            return ended(snapshot, action, HookPhase.WAITING, "no Pod can be called");
        }
        try {
            LifecycleClient.Outcome outcome = send(snapshot, action, request);
            return ended(snapshot, action, outcome.phase(), outcome.message());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return ended(snapshot, action, HookPhase.WAITING, "the controller was stopped");
        } catch (RuntimeException e) {
            log.warn("{} of {} failed", API, ObjectKey.of(snapshot.set()), e);
            return ended(snapshot, action, HookPhase.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private LifecycleClient.Outcome send(
            ExPodSetSnapshot snapshot, PodAction.CallPreScaleIn action, HookRequest request)
            throws InterruptedException {
        ExPodSet set = snapshot.set();
        ObservedPod pod = Objects.requireNonNull(snapshot.pods().get(action.ordinal()));
        return client.call(
                HookRequest.address(set, pod),
                API,
                request.key(),
                request.parameters(),
                timeout(hook(set), action.since()));
    }

    /// No call goes on beyond the deadline of all.
    private Duration timeout(ExPodSet.PreScaleIn hook, Instant since) {
        Duration one = Duration.ofSeconds(Objects.requireNonNullElse(hook.timeoutSeconds(), 60));
        Duration left =
                Duration.between(clock.instant(), since.plus(ScaleInBarrier.deadline(hook)));
        if (left.compareTo(one) >= 0) {
            return one;
        }
        return left.isPositive() ? left : Duration.ofSeconds(1);
    }

    private HookRequest request(ExPodSetSnapshot snapshot, PodAction.CallPreScaleIn action) {
        Remembered last = remembered.get(ObjectKey.of(snapshot.set()));
        boolean again =
                last != null
                        && last.call().phase() == HookPhase.WAITING
                        && last.call().attempt() == action.attempt()
                        && last.call().since().equals(action.since());
        return again && last != null ? last.request() : newRequest(snapshot, action);
    }

    private static HookRequest newRequest(
            ExPodSetSnapshot snapshot, PodAction.CallPreScaleIn action) {
        JsonObject parameters =
                HookRequest.parameters(
                        snapshot.set(),
                        ScaleInBarrier.members(snapshot),
                        "leaving",
                        action.leaving(),
                        hook(snapshot.set()).parameters());
        return HookRequest.keyed(
                snapshot,
                API,
                OrdinalSet.text(action.leaving()),
                parameters,
                members(snapshot),
                action.attempt());
    }

    private LeaveCall ended(
            ExPodSetSnapshot snapshot,
            PodAction.CallPreScaleIn action,
            HookPhase phase,
            String message) {
        return call(snapshot, action, phase, clock.instant(), message);
    }

    private static LeaveCall call(
            ExPodSetSnapshot snapshot,
            PodAction.CallPreScaleIn action,
            HookPhase phase,
            Instant at,
            String message) {
        Set<String> leaving =
                ScaleInBarrier.leaving(snapshot).stream()
                        .map(ObservedPod::uid)
                        .collect(Collectors.toSet());
        return new LeaveCall(
                snapshot.occasion(),
                leaving,
                members(snapshot),
                action.ordinal(),
                action.attempt(),
                phase,
                action.since(),
                at,
                message);
    }

    private static List<String> members(ExPodSetSnapshot snapshot) {
        return ScaleInBarrier.members(snapshot).stream().map(ObservedPod::uid).toList();
    }

    private static ExPodSet.PreScaleIn hook(ExPodSet set) {
        return Objects.requireNonNull(Objects.requireNonNull(set.spec().hooks()).preScaleIn());
    }
}
