package io.paas.lifecycle;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Parameters as environment variables: `replicasPerMaster` becomes `LC_REPLICAS_PER_MASTER`, also
/// where it stands in an object like `topologyParameters`. Lists are only in the JSON on stdin.
final class HookEnvironment {
    private HookEnvironment() {}

    static Map<String, String> of(JsonObject parameters) {
        Map<String, String> variables = new TreeMap<>();
        // What stands outside wins over what an object inside calls by the same name.
        parameters.asMap().values().stream()
                .filter(JsonElement::isJsonObject)
                .forEach(inner -> variables.putAll(of(inner.getAsJsonObject())));
        for (Map.Entry<String, JsonElement> entry : parameters.entrySet()) {
            JsonElement value = entry.getValue();
            // A NUL can not be in an environment (execve(2)); it stays on stdin.
            if (value.isJsonPrimitive() && value.getAsString().indexOf(0) < 0) {
                variables.put("LC_" + upper(entry.getKey()), value.getAsString());
            }
        }
        return variables;
    }

    private static String upper(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .replaceAll("[^A-Za-z0-9]", "_")
                .toUpperCase(Locale.ROOT);
    }
}
