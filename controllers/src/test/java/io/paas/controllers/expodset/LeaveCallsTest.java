package io.paas.controllers.expodset;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.models.V1Pod;
import io.paas.api.json.Json;
import io.paas.api.v1.ExPodSet;
import io.paas.controllers.expodset.LifecycleClient.Outcome;
import io.paas.kube.client.ObjectKey;
import io.paas.plan.expodset.ExPodSetSnapshot;
import io.paas.plan.expodset.ExPodSetSnapshot.HookPhase;
import io.paas.plan.expodset.HookCalls;
import io.paas.plan.expodset.ObservedPod;
import io.paas.plan.expodset.PodAction;
import io.paas.plan.expodset.PodDetails;
import io.paas.plan.expodset.Settings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// Two Pods of which ordinal 1 is to leave.
class LeaveCallsTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ObjectKey SET = new ObjectKey("ns", "s");

    private final List<String> keys = new ArrayList<>();
    private final List<JsonObject> bodies = new ArrayList<>();
    private final List<Duration> timeouts = new ArrayList<>();
    private Outcome answer = new Outcome.Done();
    private LeaveCalls calls = aController();

    private LeaveCalls aController() {
        return new LeaveCalls(
                (agent, api, key, parameters, timeout) -> {
                    assertThat(agent.podUid()).isEqualTo("uid-0");
                    assertThat(api).isEqualTo("pre-scale-in");
                    keys.add(key);
                    bodies.add(parameters);
                    timeouts.add(timeout);
                    return answer;
                },
                InstantSource.fixed(NOW));
    }

    @Test
    void namesThoseThatStayAndThoseThatLeave() throws InterruptedException {
        call("", 0, NOW);

        assertThat(bodies.getFirst().getAsJsonArray("members")).hasSize(2);
        assertThat(bodies.getFirst().get("leaving")).hasToString("[1]");
        assertThat(calls.call(SET).phase()).isEqualTo(HookPhase.DONE);
        assertThat(calls.call(SET).leaving()).containsExactly("uid-1");
    }

    @Test
    void aNewLeaderFindsTheRunOfTheOldOne() throws InterruptedException {
        call("", 0, NOW);
        calls = aController();
        call("", 0, NOW.plusSeconds(9));

        assertThat(keys.get(1)).isEqualTo(keys.get(0));
        assertThat(bodies.get(1)).isEqualTo(bodies.get(0));
    }

    @Test
    void repeatsACallOfUnknownEndExactlyAsItWas() throws InterruptedException {
        answer = new Outcome.Waiting("no answer");
        call("", 0, NOW);
        call("replica", 0, NOW);
        call("replica", 1, NOW);

        assertThat(keys.get(1)).isEqualTo(keys.get(0));
        assertThat(bodies.get(1)).isEqualTo(bodies.get(0));
        assertThat(keys.get(2)).isNotEqualTo(keys.get(0));
    }

    @Test
    void noCallGoesOnBeyondTheDeadline() throws InterruptedException {
        call("", 0, NOW.minusSeconds(10));
        call("", 1, NOW.minusSeconds(45));

        assertThat(timeouts).containsExactly(Duration.ofSeconds(20), Duration.ofSeconds(5));
    }

    @Test
    void aBadEndIsAFailedAttempt() throws InterruptedException {
        answer = new Outcome.NotYet("HTTP 503");
        call("", 0, NOW);
        assertThat(calls.call(SET).phase()).isEqualTo(HookPhase.FAILED);
        answer = new Outcome.Refused("HTTP 412");
        call("", 1, NOW);
        assertThat(calls.call(SET).phase()).isEqualTo(HookPhase.REFUSED);
        assertThat(HookConditions.problems(snapshot("")))
                .extracting(Problem::reason)
                .containsExactly("LeaveFailed");
    }

    private void call(String roleOf1, int attempt, Instant since) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        calls.start(
                snapshot(roleOf1),
                new PodAction.CallPreScaleIn(0, new TreeSet<>(Set.of(1)), attempt, since),
                ended::countDown);
        ended.await();
    }

    private ExPodSetSnapshot snapshot(String roleOf1) {
        ExPodSet set =
                Json.read(
                        """
                        {"metadata": {"namespace": "ns", "name": "s", "uid": "u", "generation": 1},
                         "spec": {"replicas": 1, "serviceName": "svc",
                                  "hooks": {"preScaleIn": {"timeoutSeconds": 20,
                                                           "deadlineSeconds": 50}},
                                  "selector": {"matchLabels": {"app": "s"}}, "template": {}}}
                        """,
                        ExPodSet.class);
        TreeMap<Integer, ObservedPod> pods = new TreeMap<>();
        pods.put(0, pod(0, ""));
        pods.put(1, pod(1, roleOf1));
        return new ExPodSetSnapshot(
                        set, Settings.of(set.spec()), pods, Map.of(), List.of(), "s-1", null, NOW)
                .with(new HookCalls(null, calls.call(SET)));
    }

    private static ObservedPod pod(int ordinal, String role) {
        return new ObservedPod(
                ordinal,
                "s-" + ordinal,
                "uid-" + ordinal,
                "Running",
                false,
                NOW,
                NOW,
                false,
                "s-1",
                role,
                "10.0.0." + ordinal,
                Map.of(),
                Map.of(),
                new PodDetails(new V1Pod()));
    }
}
