package io.paas.test.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What can not work is refused before anything is written, with the field and what is allowed.
@EndToEnd
@Order(8)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadInputE2E {

    /// All that a cluster becomes.
    private static final String WRITTEN =
            "mwc,eps,mwop,pods,services,persistentvolumeclaims,controllerrevisions";

    private static final String GOOD = TestCluster.yaml("bad", "7.0", "");

    private Sandbox sandbox;

    @BeforeAll
    void aNamespace() {
        sandbox = Sandbox.open("bad");
    }

    @AfterAll
    void leave() {
        sandbox.close();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("unknown type", "type: redis", "type: redsi", "spec.type", "redis"),
                fault(
                        "unknown extension version",
                        "extensionVersion: 1.0.0",
                        "extensionVersion: 9.0.0",
                        "spec.extensionVersion",
                        "1.0.0"),
                fault(
                        "unknown version",
                        "version: \"7.0\"",
                        "version: \"9.9\"",
                        "spec.version",
                        "7.0"),
                fault(
                        "unknown topology",
                        "topology: cluster",
                        "topology: ring",
                        "spec.topology",
                        "known: cluster"),
                fault("negative replicas", "", group("replicas: -1"), "replicas", "equal to 0"),
                fault("two masters", "", group("replicas: 2"), "replicas", "at least 3 masters"),
                fault("unknown group", "", "  dynamicGroups: [{name: gnomes}]", "gnomes", "nodes"),
                fault(
                        "unknown parameter",
                        "",
                        "  topologyParameters: {replicasPerMatser: \"1\"}",
                        "replicasPerMatser",
                        "replicasPerMaster"),
                fault(
                        "half a unit",
                        "",
                        "  topologyParameters: {replicasPerMaster: \"1\"}\n" + group("replicas: 7"),
                        "replicas",
                        "8 is the next possible number"),
                fault(
                        "misspelt field",
                        "topology: cluster",
                        "topology: cluster\n  topologie: x",
                        "spec.topologie",
                        "unknown field"),
                fault("no version", "version: \"7.0\"", "paused: false", "spec.version", "equired"),
                fault("a number", "version: \"7.0\"", "version: 7.0", "spec.version", "string"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void aClusterWithAFaultIsRefused(String what, String yaml, String field, String allowed) {
        var result = sandbox.kubectl().input(yaml, "create", "--validate=strict", "-f", "-");

        assertThat(result.exitCode()).as("%s: %s", what, result).isNotZero();
        assertThat(result.err()).contains(field).contains(allowed);
        assertThat(Pods.names(sandbox.kubectl().json("get", WRITTEN))).isEmpty();
    }

    @Test
    void withoutAFaultItWouldBeAccepted() {
        var result =
                sandbox.kubectl()
                        .input(GOOD, "create", "--validate=strict", "--dry-run=server", "-f", "-");
        assertThat(result.exitCode()).as("%s", result).isZero();
    }

    @Test
    void anUnknownPodIsNamed() {
        var cluster = Shared.plain();
        var answer = cluster.verb(cluster.kubectl(), cluster.podPath("nobody", "restart"), "{}");
        assertThat(answer.exitCode()).as("%s", answer).isNotZero();
        assertThat(answer.err()).contains("NotFound").contains("nobody");

        var operations = cluster.kubectl().must("get", "mwop", "-o", "name");
        var unknown = "{\"selector\":{\"ordinals\":[7]}}";
        var refused = cluster.verb(cluster.kubectl(), cluster.clusterPath("restart"), unknown);
        assertThat(refused.exitCode()).as("%s", refused).isNotZero();
        assertThat(refused.err()).contains("ordinals").contains("7");
        assertThat(cluster.kubectl().must("get", "mwop", "-o", "name")).isEqualTo(operations);
    }

    @Test
    void aPodOfNoClusterIsRefused() {
        var cluster = Shared.plain();
        DatabaseClient.of(cluster);
        var client = cluster.name() + "-client";
        var answer = cluster.verb(cluster.kubectl(), cluster.podPath(client, "restart"), "{}");
        assertThat(answer.exitCode()).as("%s", answer).isNotZero();
        assertThat(answer.err()).contains(client);
    }

    @Test
    void badOptionsAreRefusedWithTheirField() {
        var cluster = Shared.plain();
        var pod = cluster.podName(0);
        var pid = cluster.pid(pod);
        for (var options :
                new String[] {
                    "{\"mode\":\"Gentle\"}", "{\"gracePeriodSeconds\":-1}", "{\"gracePeriod\":5}"
                }) {
            var strict = cluster.podPath(pod, "restart") + "?fieldValidation=Strict";
            var answer = cluster.verb(cluster.kubectl(), strict, options);
            assertThat(answer.exitCode()).as("%s", answer).isNotZero();
            assertThat(answer.err()).contains(options.substring(2, options.indexOf("\":")));
        }
        assertThat(cluster.pid(pod)).isEqualTo(pid);
    }

    @Test
    void aBrokenPackageSaysWhereAndIsNotUsable() {
        var admin = sandbox.kubectl().in("middleware-extensions");
        // Line 4 of the key's text is not YAML.
        admin.mustInput(
                """
                apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: broken-0.0.1
                  labels:
                    middleware.paas.io/extension: broken
                    middleware.paas.io/extension-version: 0.0.1
                immutable: true
                data:
                  extension.yaml: |
                    type: broken
                    version: 0.0.1
                    displayName: Broken
                    topologies: [}
                """,
                "create",
                "-f",
                "-");
        try {
            var extension =
                    Await.until(
                            "Extension broken-0.0.1 to be judged",
                            Duration.ofSeconds(10),
                            () -> admin.find("get", "mwext", "broken-0.0.1"),
                            e -> e != null && !Pods.condition(e, "Valid").isEmpty());
            assertThat(Pods.condition(extension, "Valid")).isEqualTo("False");
            assertThat(Pods.conditionMessage(extension, "Valid"))
                    .containsPattern("extension\\.yaml:4|extension\\.yaml.*line 4\\b");

            var yaml = GOOD.replace("type: redis", "type: broken").replace("1.0.0", "0.0.1");
            var result = sandbox.kubectl().input(yaml, "create", "-f", "-");
            assertThat(result.exitCode()).as("%s", result).isNotZero();
            assertThat(result.err()).contains("spec.type");
        } finally {
            admin.run("delete", "configmap", "broken-0.0.1");
            admin.run("delete", "mwext", "broken-0.0.1", "--wait=false", "--ignore-not-found");
        }
    }

    private static Arguments fault(
            String what, String right, String wrong, String field, String allowed) {
        var yaml =
                right.isEmpty()
                        ? GOOD.stripTrailing() + "\n" + wrong + "\n"
                        : GOOD.replace(right, wrong);
        return Arguments.of(what, yaml, field, allowed);
    }

    private static String group(String field) {
        return "  dynamicGroups: [{name: nodes, " + field + "}]";
    }
}
