package io.paas.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.api.json.Json;
import io.paas.api.v1.ProcessState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Who else wrote what a verb changes: a Git tool that says `processState: Running` will say so
/// again at its next sync. Pure; reads `metadata.managedFields` (KEP-555).
final class FieldOwners {

    /// The manager of this server's own writes, which is its User-Agent.
    private static final String OWN = "middleware-apiserver";

    private FieldOwners() {}

    /// One warning for each other manager of a process state that is to change.
    ///
    /// @param cluster as kube-apiserver gave it; our records leave `managedFields` out
    /// @param names the groups; empty means all
    static List<String> ofProcessState(JsonNode cluster, List<String> names, ProcessState wanted) {
        String state = Json.tree(wanted).asText();
        List<String> warnings = new ArrayList<>();
        for (JsonNode group : cluster.path("spec").path("dynamicGroups")) {
            String name = group.path("name").asText();
            boolean asked = names.isEmpty() || names.contains(name);
            if (asked && !group.path("processState").asText("Running").equals(state)) {
                warnings.addAll(of(cluster, name, "processState"));
            }
        }
        return warnings;
    }

    /// One warning for each other manager of a group's field.
    static List<String> of(JsonNode cluster, String group, String field) {
        return managers(cluster, group, field).stream()
                .map(
                        manager ->
                                "spec.dynamicGroups[%s].%s was set by \"%s\", which may set it again"
                                        .formatted(group, field, manager))
                .toList();
    }

    private static Set<String> managers(JsonNode cluster, String group, String field) {
        Set<String> managers = new TreeSet<>();
        for (JsonNode entry : cluster.path("metadata").path("managedFields")) {
            JsonNode groups = entry.path("fieldsV1").path("f:spec").path("f:dynamicGroups");
            if (groups.path("k:{\"name\":\"" + group + "\"}").has("f:" + field)) {
                managers.add(entry.path("manager").asText());
            }
        }
        managers.remove(OWN);
        return managers;
    }
}
