package io.paas.controllers.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.paas.api.json.Json;
import io.paas.api.json.ModelGson;
import io.paas.api.meta.Labels;
import io.paas.kube.client.ApiResource;
import io.paas.kube.client.ListQuery;
import io.paas.kube.json.Codec;
import java.util.List;
import java.util.Objects;

/// An object as its JSON tree: nothing is lost or renamed on the way, so that what was applied can
/// be compared with what is there, and numbers in a ControllerRevision stay what they were.
public record Manifest(V1ObjectMeta metadata, JsonNode json) implements KubernetesObject {

    /// What belongs to clusters.
    public static final ListQuery OF_CLUSTERS =
            ListQuery.ALL.labelled(
                    Labels.MANAGED_BY + "=" + Labels.MANAGED_BY_VALUE + "," + Labels.CLUSTER);

    public static final ApiResource<Manifest> REVISIONS =
            resource("apps", "v1", "ControllerRevision", "controllerrevisions");
    public static final ApiResource<Manifest> SERVICES = resource("", "v1", "Service", "services");
    public static final ApiResource<Manifest> CONFIG_MAPS =
            resource("", "v1", "ConfigMap", "configmaps");
    public static final ApiResource<Manifest> SERVICE_ACCOUNTS =
            resource("", "v1", "ServiceAccount", "serviceaccounts");
    public static final ApiResource<Manifest> ROLE_BINDINGS =
            resource("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings");
    public static final ApiResource<Manifest> DISRUPTION_BUDGETS =
            resource("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets");

    /// What the Pods of a cluster need beside their ExPodSets.
    public static final List<ApiResource<Manifest>> SUPPORTING =
            List.of(SERVICES, CONFIG_MAPS, SERVICE_ACCOUNTS, ROLE_BINDINGS, DISRUPTION_BUDGETS);

    /// The tree as Gson's, for the client.
    public static JsonObject gson(JsonNode tree) {
        return JsonParser.parseString(tree.toString()).getAsJsonObject();
    }

    @Override
    public V1ObjectMeta getMetadata() {
        return metadata;
    }

    @Override
    public String getApiVersion() {
        return json.path("apiVersion").asText();
    }

    @Override
    public String getKind() {
        return json.path("kind").asText();
    }

    private static ApiResource<Manifest> resource(
            String group, String version, String kind, String plural) {
        return new ApiResource<>(group, version, kind, plural, true, new TreeCodec());
    }

    private record TreeCodec() implements Codec<Manifest> {
        @Override
        public Manifest read(JsonObject json) {
            try {
                JsonNode tree = Json.mapper().readTree(json.toString());
                return new Manifest(
                        Objects.requireNonNull(
                                ModelGson.gson()
                                        .fromJson(json.get("metadata"), V1ObjectMeta.class)),
                        tree);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("Gson writes JSON", e);
            }
        }

        @Override
        public JsonObject write(Manifest value) {
            return gson(value.json());
        }
    }
}
