package io.paas.controllers.expodset;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.models.V1Pod;
import io.paas.api.json.Json;
import io.paas.api.v1.ExPodSet;
import io.paas.controllers.expodset.LifecycleClient.Outcome;
import io.paas.plan.expodset.ExPodSetSnapshot;
import io.paas.plan.expodset.ExPodSetSnapshot.HookPhase;
import io.paas.plan.expodset.ObservedPod;
import io.paas.plan.expodset.PodAction;
import io.paas.plan.expodset.PodDetails;
import io.paas.plan.expodset.Settings;
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

class PostScaleOutTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final List<String> keys = new ArrayList<>();
    private final List<JsonObject> bodies = new ArrayList<>();
    private final List<String> recorded = new ArrayList<>();
    private Outcome answer = new Outcome.Done();
    private boolean apiServerIsAway;
    private PostScaleOut hook = aController();

    private PostScaleOut aController() {
        return new PostScaleOut(
                (_, _, key, parameters, _) -> {
                    keys.add(key);
                    bodies.add(parameters);
                    return answer;
                },
                InstantSource.fixed(NOW));
    }

    private void call(ExPodSetSnapshot snapshot, int attempt) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        hook.start(
                snapshot,
                new PodAction.CallPostScaleOut(0, new TreeSet<>(Set.of(0, 1)), "0-1", attempt),
                (_, ordinals) -> {
                    if (apiServerIsAway) {
                        throw new IllegalStateException("no answer from kube-apiserver");
                    }
                    recorded.add(ordinals);
                },
                ended::countDown);
        ended.await();
    }

    private static ExPodSetSnapshot aSet(long generation, String uidOf1, String roleOf1) {
        ExPodSet set =
                Json.read(
                        """
                        {"metadata": {"namespace": "ns", "name": "s", "uid": "u", "generation": %d},
                         "spec": {"replicas": 2, "serviceName": "svc", "hooks": {"postScaleOut": {}},
                                  "selector": {"matchLabels": {"app": "s"}}, "template": {}}}
                        """
                                .formatted(generation),
                        ExPodSet.class);
        TreeMap<Integer, ObservedPod> pods = new TreeMap<>();
        pods.put(0, pod(0, "uid-0", "primary"));
        pods.put(1, pod(1, uidOf1, roleOf1));
        return new ExPodSetSnapshot(
                set, Settings.of(set.spec()), pods, Map.of(), List.of(), "s-1", null, NOW);
    }

    private static ObservedPod pod(int ordinal, String uid, String role) {
        return new ObservedPod(
                ordinal,
                "s-" + ordinal,
                uid,
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

    @Test
    void repeatsACallOfUnknownEndExactlyAsItWas() throws InterruptedException {
        answer = new Outcome.Waiting("no answer from the agent");
        call(aSet(1, "uid-1", ""), 0);
        assertThat(hook.state(aSet(1, "uid-1", "")).phase()).isEqualTo(HookPhase.WAITING);

        answer = new Outcome.Done();
        call(aSet(1, "uid-1", "replica"), 0);

        assertThat(keys.get(1)).isEqualTo(keys.get(0));
        assertThat(bodies.get(1)).isEqualTo(bodies.get(0));
        assertThat(recorded).containsExactly("0-1");
    }

    @Test
    void remembersThatItWasDoneWhenThatCannotBeWrittenDown() throws InterruptedException {
        apiServerIsAway = true;
        call(aSet(1, "uid-1", ""), 0);

        assertThat(hook.state(aSet(1, "uid-1", "")).phase()).isEqualTo(HookPhase.DONE);
        assertThat(hook.state(aSet(2, "uid-1", "")).phase()).isEqualTo(HookPhase.DONE);
    }

    @Test
    void forgetsAFailureWhenAMemberIsReplaced() throws InterruptedException {
        answer = new Outcome.Refused("another cluster's data");
        call(aSet(1, "uid-1", ""), 0);
        assertThat(hook.state(aSet(1, "uid-1", "")).phase()).isEqualTo(HookPhase.REFUSED);

        assertThat(hook.state(aSet(1, "uid-new", ""))).isNull();
    }

    @Test
    void aNewLeadersKeyFitsItsParameters() throws InterruptedException {
        call(aSet(1, "uid-1", ""), 0);
        hook = aController();
        call(aSet(1, "uid-1", ""), 0);
        hook = aController();
        call(aSet(1, "uid-1", "replica"), 0);

        assertThat(keys.get(1)).isEqualTo(keys.get(0));
        assertThat(bodies.get(2)).isNotEqualTo(bodies.get(0));
        assertThat(keys.get(2)).isNotEqualTo(keys.get(0));
    }
}
