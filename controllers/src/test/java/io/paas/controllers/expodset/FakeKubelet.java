package io.paas.controllers.expodset;

import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodCondition;
import io.kubernetes.client.openapi.models.V1PodReadinessGate;
import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.informer.Informer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Makes every Pod of one namespace Ready by its status as soon as its readiness gates allow it,
/// unless its image is `bad`; and watches how many were gone at once.
final class FakeKubelet implements AutoCloseable {

    private final ResourceClient<V1Pod> pods;
    private final String namespace;
    private final String podIp;
    private final Informer<V1Pod> informer;
    private final Set<String> present = new HashSet<>();
    private int most;
    private int fewestSinceMost = Integer.MAX_VALUE;

    FakeKubelet(ResourceClient<V1Pod> pods, String namespace) {
        this(pods, namespace, "10.1.2.3");
    }

    FakeKubelet(ResourceClient<V1Pod> pods, String namespace, String podIp) {
        this.pods = pods;
        this.namespace = namespace;
        this.podIp = podIp;
        this.informer =
                new Informer<>(pods, ListQuery.inNamespace(namespace))
                        .onChange(this::changed)
                        .start();
    }

    /// How many of so many Pods were gone at once since all of them were there.
    synchronized int mostMissing(int all) {
        return most < all ? all : all - Math.min(all, fewestSinceMost);
    }

    void fail(String pod) {
        status(pod, "{\"status\": {\"phase\": \"Failed\", \"reason\": \"Evicted\"}}");
    }

    @Override
    public void close() {
        informer.close();
    }

    private void changed(Informer.Change<V1Pod> change) {
        V1Pod pod = change.object();
        String name = pod.getMetadata().getName();
        count(name, change.after() != null);
        boolean isNew = change.before() == null;
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        if (isNew && !pod.getSpec().getContainers().getFirst().getImage().equals("bad")) {
            status(
                    name,
                    """
                    {"status": {"phase": "Running", "podIP": "%s", "startTime": "%s",
                      "conditions": [{"type": "ContainersReady", "status": "True",
                        "lastTransitionTime": "%s"}]}}"""
                            .formatted(podIp, now, now));
        } else if (change.after() != null
                && isTrue(pod, "ContainersReady")
                && isTrue(pod, "Ready") != gatesAreOpen(pod)) {
            status(
                    name,
                    """
                    {"status": {"conditions": [{"type": "Ready", "status": "%s",
                      "lastTransitionTime": "%s"}]}}"""
                            .formatted(gatesAreOpen(pod) ? "True" : "False", now));
        }
    }

    private static boolean gatesAreOpen(V1Pod pod) {
        List<V1PodReadinessGate> gates = pod.getSpec().getReadinessGates();
        return gates == null
                || gates.stream().allMatch(gate -> isTrue(pod, gate.getConditionType()));
    }

    private static boolean isTrue(V1Pod pod, String type) {
        List<V1PodCondition> conditions = pod.getStatus().getConditions();
        return conditions != null
                && conditions.stream()
                        .anyMatch(c -> c.getType().equals(type) && c.getStatus().equals("True"));
    }

    private synchronized void count(String name, boolean isPresent) {
        if (isPresent) {
            present.add(name);
        } else {
            present.remove(name);
        }
        if (present.size() > most) {
            most = present.size();
            fewestSinceMost = most;
        }
        fewestSinceMost = Math.min(fewestSinceMost, present.size());
    }

    private void status(String pod, String status) {
        try {
            pods.patchStatus(
                    new ObjectKey(namespace, pod),
                    new Patch.StrategicMerge(JsonParser.parseString(status).getAsJsonObject()));
        } catch (ApiFailure.NotFound _) {
            // Gone again.
        }
    }
}
