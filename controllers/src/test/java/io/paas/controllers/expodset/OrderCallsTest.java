package io.paas.controllers.expodset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1Pod;
import io.paas.api.json.Json;
import io.paas.api.v1.Condition;
import io.paas.api.v1.ExPodSet;
import io.paas.controllers.expodset.LifecycleClient.Outcome;
import io.paas.controllers.runtime.Conditions;
import io.paas.kube.client.ObjectKey;
import io.paas.plan.expodset.ExPodSetPlan;
import io.paas.plan.expodset.ExPodSetPlanner;
import io.paas.plan.expodset.ExPodSetSnapshot;
import io.paas.plan.expodset.HookCalls;
import io.paas.plan.expodset.HookCalls.OrderReply;
import io.paas.plan.expodset.ObservedPod;
import io.paas.plan.expodset.PodAction;
import io.paas.plan.expodset.PodDetails;
import io.paas.plan.expodset.Revision;
import io.paas.plan.expodset.Settings;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// Two Pods of an old revision.
class OrderCallsTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ObjectKey SET = new ObjectKey("ns", "s");

    private final Set<String> keys = new ConcurrentSkipListSet<>();
    private Outcome answer = data("{\"order\": [\"s-1\", \"s-0\"]}");
    private final OrderCalls calls =
            new OrderCalls(
                    (_, api, key, parameters, _) -> {
                        assertThat(api).isEqualTo("restart-order");
                        assertThat(parameters.getAsJsonArray("members")).hasSize(2);
                        assertThat(parameters.get("outdated")).hasToString("[0,1]");
                        keys.add(key);
                        return answer;
                    },
                    InstantSource.fixed(NOW));

    @Test
    void handsThePodsOrderToThePlanner() throws InterruptedException {
        ask();

        assertThat(plan().actions())
                .containsExactly(
                        new PodAction.DeletePod(1, "s-1", "uid-1", PodAction.Why.OUTDATED));
    }

    @Test
    void asksEachPodUnderAKeyOfItsOwnEachTime() throws InterruptedException {
        ask();
        ask();

        assertThat(keys).hasSize(4);
    }

    @Test
    void tellsApartWhatIsNoOrder() throws InterruptedException {
        for (String bad : List.of("null", "[]", "{}", "{\"order\": \"s-0\"}", "{\"order\": [0]}")) {
            answer = data(bad);
            assertThat(replies()).as(bad).hasOnlyElementsOfType(OrderReply.Malformed.class);
        }
        answer = new Outcome.Failed("HTTP 422");
        assertThat(replies()).hasOnlyElementsOfType(OrderReply.Silent.class);
        answer = new Outcome.Waiting("still ran");
        assertThat(replies()).hasOnlyElementsOfType(OrderReply.Silent.class);
        answer = new Outcome.NotYet("HTTP 503");
        assertThat(replies()).hasOnlyElementsOfType(OrderReply.Wait.class);
        answer = new Outcome.Refused("HTTP 412");
        assertThat(replies()).hasOnlyElementsOfType(OrderReply.Wait.class);
    }

    @Test
    void saysWhyNothingIsRestarted() throws InterruptedException {
        answer = data("{\"order\": [\"s-1\"]}");
        ask();

        assertThat(plan().actions()).isEmpty();
        assertThat(HookConditions.problems(snapshot()))
                .singleElement()
                .satisfies(
                        problem -> {
                            assertThat(problem.reason()).isEqualTo("OrderUnknown");
                            assertThat(problem.message())
                                    .contains("s-0 leaves out s-0", "onFailure: Roles");
                        });
        assertThat(condition().reason()).isEqualTo("OrderUnknown");
    }

    /// Each step of an update changes the picture of the set, and with it the question.
    @Test
    void saysByWhatOrderAnUpdateGoesUntilItIsOver() {
        String roles =
                """
                {"conditions": [{"type": "OrderKnown", "status": "False", "reason": "RolesUsed",
                                 "lastTransitionTime": "2026-01-01T00:00:00Z", "message": "m"}]}
                """;

        assertThat(condition(snapshot("s-new", roles)).reason()).isEqualTo("RolesUsed");
        assertThat(condition(snapshot("s-old", roles)).reason()).isEqualTo("AskedEachTime");
    }

    @Test
    void forgetsWithTheSet() throws InterruptedException {
        ask();
        calls.forget(SET);

        assertThat(calls.answers(SET)).isNull();
        assertThat(condition().reason()).isEqualTo("AskedEachTime");
    }

    private void ask() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        calls.forget(SET);
        ExPodSetPlanner.plan(snapshot())
                .actions()
                .forEach(
                        action ->
                                calls.start(
                                        snapshot(), (PodAction.AskOrder) action, ended::countDown));
        ended.await();
    }

    private Iterable<OrderReply> replies() throws InterruptedException {
        ask();
        return calls.answers(SET).replies().values();
    }

    private ExPodSetPlan plan() {
        return ExPodSetPlanner.plan(snapshot());
    }

    private Condition condition() {
        return condition(snapshot());
    }

    private static Condition condition(ExPodSetSnapshot snapshot) {
        return HookConditions.of(snapshot, new Conditions(List.of(), 1, NOW)).getFirst();
    }

    private ExPodSetSnapshot snapshot() {
        return snapshot("s-new", "{}");
    }

    private ExPodSetSnapshot snapshot(String updateRevision, String status) {
        ExPodSet set =
                Json.read(
                        """
                        {"metadata": {"namespace": "ns", "name": "s", "uid": "u", "generation": 1},
                         "spec": {"replicas": 2, "serviceName": "svc",
                                  "hooks": {"restartOrder": {"onFailure": "Pause"}},
                                  "selector": {"matchLabels": {"app": "s"}}, "template": {}},
                         "status": %s}
                        """
                                .formatted(status),
                        ExPodSet.class);
        TreeMap<Integer, ObservedPod> pods = new TreeMap<>();
        for (int ordinal = 0; ordinal < 2; ordinal++) {
            pods.put(
                    ordinal,
                    new ObservedPod(
                            ordinal,
                            "s-" + ordinal,
                            "uid-" + ordinal,
                            "Running",
                            false,
                            NOW,
                            NOW,
                            false,
                            "s-old",
                            "",
                            "10.0.0." + ordinal,
                            Map.of(),
                            Map.of(),
                            new PodDetails(new V1Pod())));
        }
        return new ExPodSetSnapshot(
                        set,
                        Settings.of(set.spec()),
                        pods,
                        Map.of(),
                        List.of(
                                new Revision(
                                        "s-old",
                                        1,
                                        Json.read(
                                                "{\"spec\": {\"volumes\": [{}]}}", JsonNode.class)),
                                new Revision("s-new", 2, set.spec().template())),
                        updateRevision,
                        null,
                        NOW)
                .with(new HookCalls(calls.answers(SET), null));
    }

    private static Outcome data(String json) {
        return new Outcome.Done(JsonParser.parseString(json));
    }
}
