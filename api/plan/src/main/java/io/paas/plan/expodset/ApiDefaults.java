package io.paas.plan.expodset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.custom.QuantityFormatException;
import java.util.List;

/// Writes out what kube-apiserver fills into a Pod that does not say it, in the parts of a template
/// that [TemplateHash] counts: the defaults of core/v1 in Kubernetes 1.36.
///
/// A closed list. It makes templates equal and never different, so a longer one restarts no Pod.
final class ApiDefaults {

    private static final List<String> WITH_MODE =
            List.of("configMap", "secret", "downwardAPI", "projected");
    private static final int MODE = 0644;
    private static final int TOKEN_SECONDS = 3600;

    private ApiDefaults() {}

    /// A copy with all of them.
    static ObjectNode filledIn(ObjectNode counted) {
        ObjectNode filled = counted.deepCopy();
        filled.path("containers").forEach(ApiDefaults::container);
        filled.path("initContainers").forEach(ApiDefaults::container);
        filled.path("volumes").forEach(ApiDefaults::volume);
        return filled;
    }

    private static void container(JsonNode container) {
        for (JsonNode variable : container.path("env")) {
            if (variable.path("valueFrom").isMissingNode()) {
                fill(variable, "value", "");
            }
            fill(variable.path("valueFrom").path("fieldRef"), "apiVersion", "v1");
        }
        for (JsonNode mount : container.path("volumeMounts")) {
            if (mount instanceof ObjectNode object && !object.has("readOnly")) {
                object.put("readOnly", false);
            }
        }
        resources(container.path("resources"));
    }

    private static void resources(JsonNode resources) {
        quantities(resources.path("limits"));
        quantities(resources.path("requests"));
        if (resources instanceof ObjectNode object && object.path("limits").isObject()) {
            ObjectNode requests = object.withObjectProperty("requests");
            object.path("limits")
                    .properties()
                    .forEach(limit -> requests.putIfAbsent(limit.getKey(), limit.getValue()));
        }
    }

    private static void quantities(JsonNode amounts) {
        if (amounts instanceof ObjectNode object) {
            object.properties().forEach(amount -> amount.setValue(quantity(amount.getValue())));
        }
    }

    /// `1000m` is `1`.
    private static JsonNode quantity(JsonNode written) {
        try {
            String number =
                    Quantity.fromString(written.asText())
                            .getNumber()
                            .stripTrailingZeros()
                            .toPlainString();
            return TextNode.valueOf(number);
        } catch (QuantityFormatException | NumberFormatException _) {
            return written;
        }
    }

    private static void volume(JsonNode volume) {
        if (volume instanceof ObjectNode object && object.size() == 1 && object.has("name")) {
            object.putObject("emptyDir");
        }
        for (String source : WITH_MODE) {
            if (volume.path(source) instanceof ObjectNode object && !object.has("defaultMode")) {
                object.put("defaultMode", MODE);
            }
        }
        downward(volume.path("downwardAPI"));
        for (JsonNode source : volume.path("projected").path("sources")) {
            downward(source.path("downwardAPI"));
            if (source.path("serviceAccountToken") instanceof ObjectNode token
                    && !token.has("expirationSeconds")) {
                token.put("expirationSeconds", TOKEN_SECONDS);
            }
        }
        fill(volume.path("hostPath"), "type", "");
        fill(volume.path("iscsi"), "iscsiInterface", "default");
        fill(
                volume.path("ephemeral").path("volumeClaimTemplate").path("spec"),
                "volumeMode",
                "Filesystem");
    }

    private static void downward(JsonNode source) {
        source.path("items").forEach(item -> fill(item.path("fieldRef"), "apiVersion", "v1"));
    }

    private static void fill(JsonNode into, String field, String value) {
        if (into instanceof ObjectNode object && !object.has(field)) {
            object.put(field, value);
        }
    }
}
