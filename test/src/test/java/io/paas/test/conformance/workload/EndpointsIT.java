package io.paas.test.conformance.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// The set as an object of the API. What only the API server does no mutant of the controller can
/// break; these cases begin with what the controller has to report.
@Execution(ExecutionMode.CONCURRENT)
class EndpointsIT {

    @Conformance(
            upstream = "should have a working scale subresource",
            killedBy = {Mutant.WRITES_NO_STATUS, Mutant.NEVER_SCALES_OUT})
    void scalesByItsSubresource(Workload set) {
        set.create();
        set.awaitReady(1);
        String path = set.path() + "/scale";
        JsonNode scale = set.api().get(path);
        assertThat(scale.at("/spec/replicas").asInt()).isEqualTo(1);
        assertThat(scale.at("/status/replicas").asInt()).isEqualTo(1);
        assertThat(scale.at("/status/selector").asText()).isEqualTo("app=ss");

        ((ObjectNode) scale.path("metadata")).remove("resourceVersion");
        ((ObjectNode) scale.path("spec")).put("replicas", 2);
        assertThat(set.api().put(path, scale).at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(set.object().at("/spec/replicas").asInt()).isEqualTo(2);
        set.awaitReady(2);

        set.api().merge(path, "{\"spec\": {\"replicas\": 4}}");
        assertThat(set.object().at("/spec/replicas").asInt()).isEqualTo(4);
        set.awaitReady(4);
    }

    @Conformance(
            upstream = "should list, patch and delete a collection of StatefulSets",
            killedBy = {Mutant.WRITES_NO_STATUS, Mutant.NEVER_SCALES_OUT})
    void isListedPatchedAndDeletedAsACollection(Workload set) {
        set.create();
        set.awaitReady(1);
        long created = set.object().at("/metadata/resourceVersion").asLong();
        String selector = "?labelSelector=case%3D" + set.namespace();

        set.api()
                .merge(
                        set.path(),
                        "{\"metadata\": {\"labels\": {\"case\": \"" + set.namespace() + "\"}}}");
        set.update(Change.replicas(2), Change.image("new"));

        assertThat(set.object().at("/metadata/resourceVersion").asLong()).isGreaterThan(created);
        set.awaitReady(2);
        RollingUpdateIT.awaitUpdated(set, "new");
        String all = set.kind().path() + selector;
        assertThat(set.api().get(all).path("items")).hasSize(1);
        set.api().delete(set.kind().path(set.namespace()) + selector);
        set.await("no set", () -> set.api().get(all).path("items").size(), size -> size == 0);
        set.awaitPods();
    }

    @Conformance(
            upstream = "should validate Statefulset Status endpoints",
            killedBy = Mutant.WRITES_NO_STATUS)
    void hasAStatusSubresource(Workload set) {
        set.create();
        set.awaitReady(1);
        String path = set.path() + "/status";
        assertThat(set.api().get(path).at("/status/readyReplicas").asInt()).isEqualTo(1);

        // The controller may write at any time; then the update has to be made again.
        JsonNode updated =
                set.await(
                        "an update without conflict",
                        () -> updateStatus(set, path),
                        JsonNode::isObject);
        assertThat(conditions(updated)).contains("StatusUpdate");
        assertThat(updated.at("/spec/replicas").asInt()).isEqualTo(1);

        JsonNode patched =
                set.api()
                        .merge(
                                path,
                                "{\"status\": {\"conditions\": ["
                                        + condition("StatusPatched")
                                        + "]}, \"spec\": {\"replicas\": 7}}");
        assertThat(conditions(patched)).containsExactly("StatusPatched");
        assertThat(patched.at("/spec/replicas").asInt())
                .as("spec is not written here")
                .isEqualTo(1);
    }

    private static JsonNode updateStatus(Workload set, String path) {
        JsonNode object = set.object();
        ((ArrayNode) object.withArray("/status/conditions"))
                .add(KubeApi.parse(condition("StatusUpdate")));
        try {
            return set.api().put(path, object);
        } catch (KubeApi.Refused conflict) {
            return object.path("conflict");
        }
    }

    private static List<String> conditions(JsonNode object) {
        return Workload.items(object.at("/status/conditions")).stream()
                .map(condition -> condition.path("type").asText())
                .toList();
    }

    private static String condition(String type) {
        return """
        {"type": "%s", "status": "True", "reason": "Conformance", "message": "Set by a test.",
         "lastTransitionTime": "2026-01-01T00:00:00Z"}"""
                .formatted(type);
    }
}
