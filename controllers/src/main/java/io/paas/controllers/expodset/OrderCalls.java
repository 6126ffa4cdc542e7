package io.paas.controllers.expodset;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.paas.api.v1.ExPodSet;
import io.paas.kube.client.ObjectKey;
import io.paas.plan.expodset.ExPodSetSnapshot;
import io.paas.plan.expodset.HookCalls.OrderAnswers;
import io.paas.plan.expodset.HookCalls.OrderReply;
import io.paas.plan.expodset.ObservedPod;
import io.paas.plan.expodset.PodAction;
import io.paas.plan.expodset.RestartOrder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks Pods for the order of their restarts, beside the reconciles: a Pod that hangs must not keep
/// its set from being healed.
final class OrderCalls {

    private static final Logger log = LoggerFactory.getLogger(OrderCalls.class);
    private static final String API = "restart-order";
    // What a Pod says goes into a condition.
    private static final int MAX_MESSAGE = 300;

    private final LifecycleClient client;
    private final InstantSource clock;
    private final Map<ObjectKey, OrderAnswers> remembered = new ConcurrentHashMap<>();

    OrderCalls(LifecycleClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /// The last answers; whether they are still good is the planner's to judge.
    @Nullable OrderAnswers answers(ObjectKey set) {
        return remembered.get(set);
    }

    void forget(ObjectKey set) {
        remembered.remove(set);
    }

    /// Starts the calls and returns.
    ///
    /// @param changed told when all have ended
    void start(ExPodSetSnapshot snapshot, PodAction.AskOrder action, Runnable changed) {
        ObjectKey set = ObjectKey.of(snapshot.set());
        OrderAnswers last = remembered.get(set);
        SortedMap<Integer, OrderReply> before =
                last != null && last.question().equals(action.question())
                        ? last.replies()
                        : new TreeMap<>();
        OrderAnswers asking = new OrderAnswers(action.question(), true, clock.instant(), before);
        remembered.put(set, asking);
        Thread.ofVirtual()
                .name(API + " " + set)
                .start(
                        () -> {
                            SortedMap<Integer, OrderReply> replies = ask(snapshot, action);
                            OrderAnswers answered =
                                    new OrderAnswers(
                                            action.question(), false, clock.instant(), replies);
                            // Not for a set that was forgotten meanwhile.
                            remembered.computeIfPresent(set, (_, _) -> answered);
                            changed.run();
                        });
    }

    private SortedMap<Integer, OrderReply> ask(
            ExPodSetSnapshot snapshot, PodAction.AskOrder action) {
        SortedMap<Integer, OrderReply> replies = new ConcurrentSkipListMap<>();
        JsonObject parameters = parameters(snapshot);
        List<Thread> calls = new ArrayList<>();
        for (int ordinal : action.ordinals()) {
            calls.add(
                    Thread.ofVirtual()
                            .start(() -> replies.put(ordinal, ask(snapshot, ordinal, parameters))));
        }
        try {
            for (Thread call : calls) {
                call.join();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return replies;
    }

    private OrderReply ask(ExPodSetSnapshot snapshot, int ordinal, JsonObject parameters) {
        ExPodSet set = snapshot.set();
        ObservedPod pod = Objects.requireNonNull(snapshot.pods().get(ordinal));
        Integer seconds = hook(set).timeoutSeconds();
        try {
            return reply(
                    client.call(
                            HookRequest.address(set, pod),
                            API,
                            // A question of its own: an answer of before would be no answer.
                            set.metadata().getUid() + "/" + API + "/" + UUID.randomUUID(),
                            parameters,
                            Duration.ofSeconds(seconds == null ? 10 : seconds)));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new OrderReply.Silent("the controller was stopped");
        } catch (RuntimeException e) {
            log.warn("{} of {} failed", API, pod.name(), e);
            return new OrderReply.Silent(shown(String.valueOf(e.getMessage())));
        }
    }

    private static OrderReply reply(LifecycleClient.Outcome outcome) {
        return switch (outcome) {
            case LifecycleClient.Outcome.Done(JsonElement data) -> order(data);
            case LifecycleClient.Outcome.Waiting _, LifecycleClient.Outcome.Failed _ ->
                    new OrderReply.Silent(shown(outcome.message()));
            case LifecycleClient.Outcome.NotYet _, LifecycleClient.Outcome.Refused _ ->
                    new OrderReply.Wait(shown(outcome.message()));
        };
    }

    /// `{"order": ["<Pod>", ...]}`, the first one to be restarted first.
    private static OrderReply order(@Nullable JsonElement data) {
        JsonElement order =
                data != null && data.isJsonObject() ? data.getAsJsonObject().get("order") : null;
        if (order == null || !order.isJsonArray()) {
            return malformed(data);
        }
        List<String> pods = new ArrayList<>();
        for (JsonElement pod : order.getAsJsonArray()) {
            if (!pod.isJsonPrimitive() || !pod.getAsJsonPrimitive().isString()) {
                return malformed(data);
            }
            pods.add(pod.getAsString());
        }
        return new OrderReply.Order(List.copyOf(pods));
    }

    private static OrderReply malformed(@Nullable JsonElement data) {
        return new OrderReply.Malformed(
                "data must be {\"order\": [names of Pods]}, not " + shown(String.valueOf(data)));
    }

    private static JsonObject parameters(ExPodSetSnapshot snapshot) {
        Set<String> names = RestartOrder.members(snapshot);
        List<ObservedPod> members =
                snapshot.pods().values().stream()
                        .filter(pod -> names.contains(pod.name()))
                        .toList();
        List<Integer> outdated =
                members.stream()
                        .filter(pod -> !pod.revision().equals(snapshot.updateRevision()))
                        .map(ObservedPod::ordinal)
                        .toList();
        return HookRequest.parameters(
                snapshot.set(), members, "outdated", outdated, hook(snapshot.set()).parameters());
    }

    private static ExPodSet.RestartOrder hook(ExPodSet set) {
        return Objects.requireNonNull(Objects.requireNonNull(set.spec().hooks()).restartOrder());
    }

    private static String shown(String text) {
        return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE) + "...";
    }
}
