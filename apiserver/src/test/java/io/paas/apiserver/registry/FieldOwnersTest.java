package io.paas.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.api.v1.ProcessState;
import io.paas.apiserver.request.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FieldOwnersTest {

    @Test
    void aGitToolThatSaysRunningIsNamed() throws IOException {
        var warnings = FieldOwners.ofProcessState(cluster("git"), List.of(), ProcessState.STOPPED);

        assertThat(warnings)
                .containsExactly(
                        "spec.dynamicGroups[nodes].processState was set by \"git\", which may set it"
                                + " again");
    }

    @Test
    void thisServersOwnWritesAreNotNamed() throws IOException {
        assertThat(
                        FieldOwners.ofProcessState(
                                cluster("middleware-apiserver"), List.of(), ProcessState.STOPPED))
                .isEmpty();
    }

    @Test
    void nobodyIsOverruledByWhatIsSoAlreadyOrByAnotherGroup() throws IOException {
        assertThat(FieldOwners.ofProcessState(cluster("git"), List.of(), ProcessState.RUNNING))
                .isEmpty();
        assertThat(
                        FieldOwners.ofProcessState(
                                cluster("git"), List.of("other"), ProcessState.STOPPED))
                .isEmpty();
    }

    private static JsonNode cluster(String manager) throws IOException {
        return Trees.parse(
                """
                {"apiVersion": "paas.io/v1", "kind": "MiddlewareCluster",
                 "metadata": {"name": "demo", "managedFields": [
                   {"manager": "kubectl", "fieldsV1": {"f:spec": {"f:type": {}}}},
                   {"manager": "%s", "fieldsV1": {"f:spec": {"f:dynamicGroups": {
                     "k:{\\"name\\":\\"nodes\\"}": {".": {}, "f:processState": {}}}}}}]},
                 "spec": {"type": "t", "extensionVersion": "1", "version": "1", "topology": "x",
                   "dynamicGroups": [{"name": "nodes", "processState": "Running"}]}}
                """
                        .formatted(manager)
                        .getBytes(StandardCharsets.UTF_8));
    }
}
