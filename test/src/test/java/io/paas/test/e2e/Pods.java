package io.paas.test.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Reads what tests compare out of a Pod.
final class Pods {

    static String name(JsonNode pod) {
        return pod.at("/metadata/name").asText();
    }

    static String uid(JsonNode pod) {
        return pod.at("/metadata/uid").asText();
    }

    static String phase(JsonNode pod) {
        return pod.at("/status/phase").asText();
    }

    static String ip(JsonNode pod) {
        return pod.at("/status/podIP").asText();
    }

    static String label(JsonNode pod, String key) {
        return pod.at("/metadata/labels").path(key).asText();
    }

    static boolean ready(JsonNode pod) {
        return condition(pod, "Ready").equals("True");
    }

    /// The status of a condition of any object; empty if it has none of that type.
    static String condition(JsonNode object, String type) {
        return elements(object.at("/status/conditions"))
                .filter(condition -> condition.path("type").asText().equals(type))
                .map(condition -> condition.path("status").asText())
                .findFirst()
                .orElse("");
    }

    /// What such a condition says; empty if there is none.
    static String conditionMessage(JsonNode object, String type) {
        return elements(object.at("/status/conditions"))
                .filter(condition -> condition.path("type").asText().equals(type))
                .map(condition -> condition.path("message").asText())
                .findFirst()
                .orElse("");
    }

    static int restartCount(JsonNode pod) {
        return containers(pod).mapToInt(status -> status.path("restartCount").asInt()).sum();
    }

    /// Container ids by name, sidecars included.
    static Map<String, String> containerIds(JsonNode pod) {
        var ids = new TreeMap<String, String>();
        containers(pod)
                .forEach(
                        status ->
                                ids.put(
                                        status.path("name").asText(),
                                        status.path("containerID").asText()));
        return ids;
    }

    static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    static List<String> names(JsonNode list) {
        return elements(list.path("items")).map(Pods::name).toList();
    }

    private static Stream<JsonNode> containers(JsonNode pod) {
        return Stream.concat(
                elements(pod.at("/status/initContainerStatuses")),
                elements(pod.at("/status/containerStatuses")));
    }

    private Pods() {}
}
