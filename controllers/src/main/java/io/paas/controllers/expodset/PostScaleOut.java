package io.paas.controllers.expodset;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.paas.agent.AgentAddress;
import io.paas.api.meta.Labels;
import io.paas.api.v1.ExPodSet;
import io.paas.kube.client.ObjectKey;
import io.paas.plan.expodset.ExPodSetSnapshot;
import io.paas.plan.expodset.ExPodSetSnapshot.HookState;
import io.paas.plan.expodset.ObservedPod;
import io.paas.plan.expodset.PodAction;
import java.time.Duration;
import java.time.InstantSource;
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

    private record Remembered(long generation, HookState state) {}

    private final LifecycleClient client;
    private final InstantSource clock;
    private final Map<ObjectKey, Remembered> remembered = new ConcurrentHashMap<>();

    PostScaleOut(LifecycleClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /// How the last call went; a failure is forgotten when the spec changes.
    @Nullable HookState state(ObjectKey set, long generation) {
        Remembered last = remembered.get(set);
        return last == null || (last.generation() != generation && !last.state().running())
                ? null
                : last.state();
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
        remember(snapshot, action, true, false, "");
        Thread.ofVirtual()
                .name(API + " " + set)
                .start(
                        () -> {
                            run(set, snapshot, action, recorder);
                            changed.run();
                        });
    }

    private void run(
            ObjectKey set,
            ExPodSetSnapshot snapshot,
            PodAction.CallPostScaleOut action,
            Recorder recorder) {
        try {
            LifecycleClient.Outcome outcome = call(snapshot, action);
            switch (outcome) {
                case LifecycleClient.Outcome.Done() -> {
                    // First the fact, then forget: between the two nobody may call again.
                    recorder.recordJoined(set, action.target());
                    remembered.remove(set);
                }
                case LifecycleClient.Outcome.Failed(String message) ->
                        remember(snapshot, action, false, false, message);
                case LifecycleClient.Outcome.Refused(String message) ->
                        remember(snapshot, action, false, true, message);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.warn("{} of {} failed", API, set, e);
            remember(snapshot, action, false, false, String.valueOf(e.getMessage()));
        }
    }

    private LifecycleClient.Outcome call(
            ExPodSetSnapshot snapshot, PodAction.CallPostScaleOut action)
            throws InterruptedException {
        ExPodSet set = snapshot.set();
        ObservedPod pod = Objects.requireNonNull(snapshot.pods().get(action.ordinal()));
        ExPodSet.Hooks hooks = Objects.requireNonNull(set.spec().hooks());
        ExPodSet.PostScaleOut hook = Objects.requireNonNull(hooks.postScaleOut());
        int seconds = hook.timeoutSeconds() == null ? 60 : hook.timeoutSeconds();
        String key =
                String.join(
                        "/",
                        Objects.requireNonNull(set.metadata().getUid()),
                        API,
                        action.target(),
                        Long.toString(generation(set)),
                        Integer.toString(action.attempt()));
        return client.call(
                new AgentAddress(pod.ip(), host(set, pod.name()), pod.uid()),
                API,
                key,
                parameters(snapshot, action, hook),
                Duration.ofSeconds(seconds));
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

    private void remember(
            ExPodSetSnapshot snapshot,
            PodAction.CallPostScaleOut action,
            boolean running,
            boolean isFinal,
            String message) {
        remembered.put(
                ObjectKey.of(snapshot.set()),
                new Remembered(
                        generation(snapshot.set()),
                        new HookState(
                                action.target(),
                                action.attempt(),
                                running,
                                isFinal,
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
