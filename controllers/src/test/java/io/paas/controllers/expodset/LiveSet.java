package io.paas.controllers.expodset;

import io.kubernetes.client.openapi.models.V1Pod;
import io.paas.api.v1.Condition;
import io.paas.api.v1.ExPodSet;
import io.paas.controllers.runtime.Conditions;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// One set and its Pods, as kube-apiserver has them.
record LiveSet(ResourceClient<ExPodSet> sets, ResourceClient<V1Pod> pods, ObjectKey key) {

    static LiveSet of(KubeClient kube, ObjectKey key) {
        return new LiveSet(kube.of(PodActionExecutor.SETS), kube.of(BuiltIn.PODS), key);
    }

    void create(String json) {
        sets.create(key.namespace(), SetWorld.json(json));
    }

    /// @param spec a JSON object
    void patchSpec(String spec) {
        sets.patch(key, new Patch.Merge(SetWorld.json("{\"spec\": " + spec + "}")));
    }

    void setImage(String image) {
        patchSpec(
                "{\"template\": {\"spec\": {\"containers\": [{\"name\": \"main\", \"image\": \""
                        + image
                        + "\"}]}}}");
    }

    Condition condition(String type) {
        ExPodSet.Status status = sets.get(key).status();
        return Conditions.find(status == null ? List.of() : status.conditions(), type)
                .orElseThrow(() -> new AssertionError("no condition " + type));
    }

    Map<String, String> images() {
        return by(pod -> pod.getSpec().getContainers().getFirst().getImage());
    }

    Map<String, String> uids() {
        return by(pod -> pod.getMetadata().getUid());
    }

    Map<String, String> versions() {
        return by(pod -> pod.getMetadata().getResourceVersion());
    }

    /// By the Pods' names.
    private Map<String, String> by(Function<V1Pod, String> value) {
        return pods.list(ListQuery.inNamespace(key.namespace())).stream()
                .collect(
                        Collectors.toMap(
                                pod -> pod.getMetadata().getName(),
                                value,
                                (a, b) -> a,
                                TreeMap::new));
    }
}
