package io.paas.test.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// All that a run leaves behind, without what differs from run to run by its nature.
///
/// @param objects by `<resource> <name>`
record EndState(Map<String, JsonNode> objects) {

    private static final Set<String> MASKED =
            Set.of(
                    "uid",
                    "resourceVersion",
                    "creationTimestamp",
                    "managedFields",
                    "namespace",
                    "lastTransitionTime",
                    "startTime",
                    "podIP",
                    "podIPs");

    private static final String MARK = "middleware.paas.io/decommissioned";

    static EndState of(Api api, String namespace) {
        Map<String, JsonNode> objects = new TreeMap<>();
        for (String collection : List.of(Api.SETS, Api.PODS, Api.CLAIMS, Api.REVISIONS)) {
            String resource = collection.substring(collection.lastIndexOf('/') + 1);
            for (JsonNode object : api.items(collection.formatted(namespace))) {
                mask(object);
                objects.put(resource + " " + object.at("/metadata/name").asText(), object);
            }
        }
        return new EndState(objects);
    }

    /// Empty when both are equal; else what differs, for a person to read.
    String difference(EndState other) {
        Set<String> names = new TreeSet<>(objects.keySet());
        names.addAll(other.objects.keySet());
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            JsonNode mine = objects.get(name);
            JsonNode theirs = other.objects.get(name);
            if (mine == null || theirs == null) {
                text.append(name).append(mine == null ? " is missing; " : " is too much; ");
            } else {
                fields(name, mine, theirs, text);
            }
        }
        return text.toString();
    }

    private static void fields(String path, JsonNode mine, JsonNode theirs, StringBuilder text) {
        if (mine.equals(theirs)) {
            return;
        }
        if (mine.isContainerNode() && mine.getNodeType() == theirs.getNodeType()) {
            if (mine.isObject()) {
                Set<String> names = new TreeSet<>();
                mine.fieldNames().forEachRemaining(names::add);
                theirs.fieldNames().forEachRemaining(names::add);
                names.forEach(n -> fields(path + "." + n, mine.path(n), theirs.path(n), text));
                return;
            }
            if (mine.size() == theirs.size()) {
                for (int i = 0; i < mine.size(); i++) {
                    fields(path + "[" + i + "]", mine.get(i), theirs.get(i), text);
                }
                return;
            }
        }
        text.append(path + " is " + mine + " instead of " + theirs + "; ");
    }

    private static void mask(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(MASKED);
            if (object.has(MARK)) {
                object.put(MARK, "a time and a uid");
            }
            object.forEach(EndState::mask);
        } else if (node instanceof ArrayNode array) {
            array.forEach(EndState::mask);
        }
    }
}
