package io.paas.controllers.expodset;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.paas.agent.AgentAddress;
import io.paas.api.meta.Labels;
import io.paas.api.v1.ExPodSet;
import io.paas.kube.client.ObjectKey;
import io.paas.plan.expodset.ExPodSetSnapshot;
import io.paas.plan.expodset.ExPodSetSnapshot.HookPhase;
import io.paas.plan.expodset.ExPodSetSnapshot.HookState;
import io.paas.plan.expodset.ObservedPod;
import io.paas.plan.expodset.PodAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
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
        void recordJoined(ObjectKey set, String ordinals);
    }

    private static final Logger log = LoggerFactory.getLogger(PostScaleOut.class);
    private static final String API = "post-scale-out";

    /// A call as it is sent, and sent again: its parameters are those of the moment in which the
    /// attempt began, also when roles have moved since.
    private record Call(String key, JsonObject parameters) {}

    /// @param members uids of the Pods that the call speaks of
    private record Remembered(long generation, List<String> members, Call call, HookState state) {}

    private final LifecycleClient client;
    private final InstantSource clock;
    private final Map<ObjectKey, Remembered> remembered = new ConcurrentHashMap<>();

    PostScaleOut(LifecycleClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /// How the last call went. Forgotten when the spec or a member changes: what failed may succeed
    /// now. What runs and what was done stays a fact when only the spec changes.
    @Nullable HookState state(ExPodSetSnapshot snapshot) {
        Remembered last = remembered.get(ObjectKey.of(snapshot.set()));
        if (last == null || last.state().phase() == HookPhase.RUNNING) {
            return last == null ? null : last.state();
        }
        boolean holds =
                last.members().equals(members(snapshot))
                        && (last.state().phase() == HookPhase.DONE
                                || last.generation() == generation(snapshot.set()));
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
            ExPodSetSnapshot snapshot, PodAction.CallPostScaleOut action, Call call) {

        ObjectKey set() {
            return ObjectKey.of(snapshot.set());
        }
    }

    private void run(Attempt attempt, Recorder recorder) {
        try {
            switch (send(attempt)) {
                case LifecycleClient.Outcome.Done() -> writeDown(attempt, recorder);
                case LifecycleClient.Outcome.Waiting(String message) ->
                        remember(attempt, HookPhase.WAITING, message);
                case LifecycleClient.Outcome.Failed(String message) ->
                        remember(attempt, HookPhase.FAILED, message);
                case LifecycleClient.Outcome.Refused(String message) ->
                        remember(attempt, HookPhase.REFUSED, message);
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
            recorder.recordJoined(attempt.set(), attempt.action().target());
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
                new AgentAddress(pod.ip(), host(set, pod.name()), pod.uid()),
                API,
                attempt.call().key(),
                attempt.call().parameters(),
                Duration.ofSeconds(seconds == null ? 60 : seconds));
    }

    private Call call(ExPodSetSnapshot snapshot, PodAction.CallPostScaleOut action) {
        HookState last = state(snapshot);
        Remembered before = remembered.get(ObjectKey.of(snapshot.set()));
        boolean again =
                last != null
                        && last.phase() == HookPhase.WAITING
                        && last.target().equals(action.target())
                        && last.attempt() == action.attempt();
        return again && before != null ? before.call() : newCall(snapshot, action);
    }

    /// The key names all that the parameters are made from, so that a new leader either finds the
    /// run of the old one or begins another; a key with other parameters would be refused.
    private static Call newCall(ExPodSetSnapshot snapshot, PodAction.CallPostScaleOut action) {
        ExPodSet set = snapshot.set();
        JsonObject parameters = parameters(snapshot, action, hook(set));
        String key =
                String.join(
                        "/",
                        Objects.requireNonNull(set.metadata().getUid()),
                        API,
                        action.target(),
                        Long.toString(generation(set)),
                        hash(parameters + " " + members(snapshot)),
                        Integer.toString(action.attempt()));
        return new Call(key, parameters);
    }

    private static String hash(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
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
            ExPodSetSnapshot snapshot,
            PodAction.CallPostScaleOut action,
            ExPodSet.PostScaleOut hook) {
        ExPodSet set = snapshot.set();
        JsonObject parameters = new JsonObject();
        parameters.addProperty("cluster", label(set, Labels.CLUSTER));
        parameters.addProperty("namespace", set.metadata().getNamespace());
        parameters.addProperty("group", label(set, Labels.GROUP));
        JsonArray members = new JsonArray();
        for (int ordinal : snapshot.settings().running()) {
            ObservedPod pod = Objects.requireNonNull(snapshot.pods().get(ordinal));
            JsonObject member = new JsonObject();
            member.addProperty("pod", pod.name());
            member.addProperty("ordinal", ordinal);
            member.addProperty("ip", pod.ip());
            member.addProperty("host", host(set, pod.name()));
            if (!pod.role().isEmpty()) {
                member.addProperty("role", pod.role());
            }
            members.add(member);
        }
        parameters.add("members", members);
        JsonArray joining = new JsonArray();
        action.joining().forEach(joining::add);
        parameters.add("joining", joining);
        JsonObject topology = new JsonObject();
        hook.parameters().forEach(topology::addProperty);
        parameters.add("topologyParameters", topology);
        return parameters;
    }

    private void remember(Attempt attempt, HookPhase phase, String message) {
        remembered.put(
                attempt.set(),
                new Remembered(
                        generation(attempt.snapshot().set()),
                        members(attempt.snapshot()),
                        attempt.call(),
                        new HookState(
                                attempt.action().target(),
                                attempt.action().attempt(),
                                phase,
                                clock.instant(),
                                message)));
    }

    static long generation(ExPodSet set) {
        Long generation = set.metadata().getGeneration();
        return generation == null ? 0 : generation;
    }

    private static String host(ExPodSet set, String pod) {
        return pod + "." + set.spec().serviceName() + "." + set.metadata().getNamespace() + ".svc";
    }

    private static @Nullable String label(ExPodSet set, String label) {
        Map<String, String> labels = set.metadata().getLabels();
        return labels == null
                ? set.metadata().getName()
                : labels.getOrDefault(label, set.metadata().getName());
    }
}
