package io.paas.apiserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The policy operation-authz, for somebody who may use every verb.
class OperationAuthzIT {

    @TempDir static Path directory;
    private static ControlPlane plane;

    @BeforeAll
    static void start() throws Exception {
        assertThat(ControlPlane.tools()).as("tools; build them with make tools").isPresent();
        plane = ControlPlane.start(directory, ControlPlane.tools().orElseThrow());
        Path manifests = ServerBehindKube.manifests();
        for (String file : new String[] {"crds/operations.yaml", "policies/operation-authz.yaml"}) {
            assertThat(plane.kubectl("apply", "-f", manifests.resolve(file).toString()).text())
                    .contains("created");
        }
        plane.kubectl("wait", "crd", "--all", "--for=condition=Established", "--timeout=60s");
        // A policy is in force some time after it was created.
        ServerBehindKube.eventually(() -> create("demo-g1"), text -> text.contains("denied"));
    }

    @AfterAll
    static void stop() {
        if (plane != null) {
            plane.close();
        }
    }

    private static String create(String name) throws Exception {
        String operation =
                """
                apiVersion: paas.io/v1
                kind: Operation
                metadata: {name: %s}
                spec: {type: Restart, cluster: demo}
                """
                        .formatted(name);
        return dryRun(operation);
    }

    private static String dryRun(String operation) throws Exception {
        return plane.kubectlAs("admin", operation, "create", "--dry-run=server", "-f", "-").text();
    }

    @Test
    void keepsTheNamesOfDerivedOperationsForThePlatform() throws Exception {
        assertThat(create("demo-g2")).contains("metadata.name: demo-g2 is kept for the platform");
        assertThat(create("demo-g2-start"))
                .contains("metadata.name: demo-g2-start is kept for the platform");
        assertThat(create("demo-g2-2"))
                .contains("metadata.name: demo-g2-2 is kept for the platform");
        assertThat(create("other-g2"))
                .as("the name of another cluster's")
                .contains("metadata.name: other-g2 is kept for the platform");
        assertThat(create("demo-green-start")).contains("created");
    }

    @Test
    void refusesChangesOfGroupsThatFollowNoEdit() throws Exception {
        String operation =
                """
                apiVersion: paas.io/v1
                kind: Operation
                metadata: {name: mine}
                spec: {type: %s, cluster: demo, transition: {generation: 1, toRevision: demo-a}}
                """;

        assertThat(dryRun(operation.formatted("TopologyChange")))
                .contains(
                        "spec.type: a TopologyChange follows a change of the groups of demo; edit that"
                                + " instead: kubectl edit middlewarecluster demo");
        assertThat(dryRun(operation.formatted("Restart")))
                .contains("spec.transition: must not be set for a Start, Stop or Restart");
    }
}
