package io.paas.plan.expodset;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.paas.api.meta.Labels;
import io.paas.api.v1.ExPodSet;

/// The PodDisruptionBudget that a set asks for.
public final class DisruptionBudget {

    private DisruptionBudget() {}

    public static boolean isWanted(ExPodSet set) {
        return set.spec().podDisruptionBudget() == ExPodSet.DisruptionBudget.MAX_UNAVAILABLE;
    }

    /// It has the set's name and goes with it.
    public static ObjectNode of(ExPodSet set) {
        ObjectNode budget =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("apiVersion", "policy/v1")
                        .put("kind", "PodDisruptionBudget");
        ObjectNode metadata = budget.putObject("metadata");
        metadata.put("name", set.metadata().getName());
        metadata.put("namespace", set.metadata().getNamespace());
        metadata.putObject("labels")
                .put(Labels.MANAGED_BY, Labels.MANAGED_BY_VALUE)
                .put(Labels.EXPODSET, set.metadata().getName());
        metadata.putArray("ownerReferences").add(PodRenderer.ownerReference(set));
        budget.set("spec", spec(set));
        return budget;
    }

    private static ObjectNode spec(ExPodSet set) {
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        spec.put("maxUnavailable", Settings.of(set.spec()).maxUnavailable());
        // A broken or stopped Pod serves nobody; it must not keep its node from being drained.
        spec.put("unhealthyPodEvictionPolicy", "AlwaysAllow");
        ObjectNode labels = spec.putObject("selector").putObject("matchLabels");
        set.spec().selector().matchLabels().forEach(labels::put);
        return spec;
    }
}
