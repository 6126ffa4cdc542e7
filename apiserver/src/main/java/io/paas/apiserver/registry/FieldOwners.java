package io.paas.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.api.json.Json;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.MiddlewareCluster.DynamicGroup;
import io.paas.api.v1.ProcessState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Who else wrote what a verb changes: a Git tool that says `processState: Running` will say so
/// again at its next sync. Pure; reads `metadata.managedFields` (KEP-555).
final class FieldOwners {

    /// The manager of this server's own writes, which is its User-Agent.
    private static final String OWN = "middleware-apiserver";

    private FieldOwners() {}

    /// One warning for each other manager of a state that is to change.
    ///
    /// @param names the groups; empty means all
    static List<String> warnings(
            MiddlewareCluster cluster, List<String> names, ProcessState wanted) {
        List<String> warnings = new ArrayList<>();
        for (DynamicGroup group : cluster.spec().dynamicGroups()) {
            ProcessState now =
                    Objects.requireNonNullElse(group.processState(), ProcessState.RUNNING);
            if (now != wanted && (names.isEmpty() || names.contains(group.name()))) {
                for (String manager : managers(cluster, group.name())) {
                    warnings.add(
                            "spec.dynamicGroups[%s].processState was set by \"%s\", which may set it again"
                                    .formatted(group.name(), manager));
                }
            }
        }
        return warnings;
    }

    private static List<String> managers(MiddlewareCluster cluster, String group) {
        List<String> managers = new ArrayList<>();
        for (JsonNode entry : Json.tree(cluster).path("metadata").path("managedFields")) {
            JsonNode groups = entry.path("fieldsV1").path("f:spec").path("f:dynamicGroups");
            String manager = entry.path("manager").asText();
            if (groups.path("k:{\"name\":\"" + group + "\"}").has("f:processState")
                    && !manager.equals(OWN)
                    && !managers.contains(manager)) {
                managers.add(manager);
            }
        }
        return managers;
    }
}
