package io.paas.controllers.expodset;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.kubernetes.client.openapi.models.V1Pod;
import io.paas.api.json.Json;
import io.paas.api.meta.Annotations;
import io.paas.api.meta.Labels;
import io.paas.api.meta.Names;
import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.plan.expodset.ContainerRef;
import io.paas.plan.expodset.ContainerResources;
import io.paas.plan.expodset.PodAction;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Changes Pods that keep running. Each method answers the Pod as it is then; nothing when it went
/// in the meantime or another one has its name, which the next look shows.
final class InPlaceExecutor {

    private static final Logger log = LoggerFactory.getLogger(InPlaceExecutor.class);

    private final ResourceClient<V1Pod> pods;

    InPlaceExecutor(ResourceClient<V1Pod> pods) {
        this.pods = pods;
    }

    /// One write: a Pod never has the images without the record of what it becomes.
    Optional<V1Pod> begin(String namespace, PodAction.UpdatePod action) {
        JsonObject body = new JsonObject();
        String record = Json.write(action.record());
        body.add("metadata", metadata(action.uid(), new JsonPrimitive(record)));
        if (!action.images().isEmpty()) {
            body.add("spec", containers(action.images(), "image", JsonPrimitive::new));
        }
        return ifPresent(() -> pods.patch(key(namespace, action.name()), patch(body)));
    }

    Optional<V1Pod> resize(String namespace, PodAction.ResizePod action) {
        JsonObject body = new JsonObject();
        body.add("spec", containers(action.resources(), "resources", InPlaceExecutor::resources));
        return ifPresent(
                () -> pods.patchSubresource(key(namespace, action.name()), "resize", patch(body)));
    }

    Optional<V1Pod> finish(String namespace, PodAction.FinishUpdate action) {
        JsonObject labels = new JsonObject();
        labels.addProperty(Labels.REVISION, action.revision());
        JsonObject metadata = metadata(action.uid(), JsonNull.INSTANCE);
        metadata.add("labels", labels);
        JsonObject body = new JsonObject();
        body.add("metadata", metadata);
        return ifPresent(() -> pods.patch(key(namespace, action.name()), patch(body)));
    }

    Optional<V1Pod> gate(String namespace, PodAction.GatePod action, Instant now) {
        JsonObject condition = new JsonObject();
        condition.addProperty("type", Names.JOINED_GATE);
        condition.addProperty("status", action.joined() ? "True" : "False");
        condition.addProperty("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
        JsonArray conditions = new JsonArray();
        conditions.add(condition);
        JsonObject status = new JsonObject();
        status.add("conditions", conditions);
        JsonObject metadata = new JsonObject();
        metadata.addProperty("uid", action.uid());
        JsonObject body = new JsonObject();
        body.add("metadata", metadata);
        body.add("status", status);
        return ifPresent(() -> pods.patchStatus(key(namespace, action.name()), patch(body)));
    }

    private static Optional<V1Pod> ifPresent(Supplier<V1Pod> write) {
        try {
            return Optional.of(write.get());
        } catch (ApiFailure.NotFound | ApiFailure.Conflict gone) {
            log.debug("not the Pod that was seen: {}", gone.getMessage());
            return Optional.empty();
        }
    }

    /// The uid makes the API server refuse a Pod that only has the same name.
    private static JsonObject metadata(String uid, JsonElement record) {
        JsonObject annotations = new JsonObject();
        annotations.add(Annotations.IN_PLACE_UPDATE, record);
        JsonObject metadata = new JsonObject();
        metadata.addProperty("uid", uid);
        metadata.add("annotations", annotations);
        return metadata;
    }

    private static <T> JsonObject containers(
            Map<ContainerRef, T> values, String field, Function<T, JsonElement> json) {
        JsonObject spec = new JsonObject();
        values.forEach(
                (container, value) -> {
                    JsonObject entry = new JsonObject();
                    entry.addProperty("name", container.name());
                    entry.add(field, json.apply(value));
                    if (!spec.has(container.list())) {
                        spec.add(container.list(), new JsonArray());
                    }
                    spec.getAsJsonArray(container.list()).add(entry);
                });
        return spec;
    }

    private static JsonObject resources(ContainerResources resources) {
        JsonObject json = new JsonObject();
        json.add("requests", quantities(resources.requests()));
        json.add("limits", quantities(resources.limits()));
        return json;
    }

    private static JsonObject quantities(Map<String, String> quantities) {
        JsonObject json = new JsonObject();
        quantities.forEach(json::addProperty);
        return json;
    }

    private static ObjectKey key(String namespace, String name) {
        return new ObjectKey(namespace, name);
    }

    private static Patch patch(JsonObject body) {
        return new Patch.StrategicMerge(body);
    }
}
