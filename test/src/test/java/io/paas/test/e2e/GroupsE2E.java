package io.paas.test.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/// Groups at run time (FR-010): a second group is added, scaled, gets other resources and is
/// removed again; every step is an Operation, and the first group's Pods do not notice. The package
/// is made of images that every installation has: its process only sleeps.
@EndToEnd
final class GroupsE2E {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static final String PACKAGE =
            """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: sleepers-1.0.0
              labels:
                middleware.paas.io/extension: sleepers
                middleware.paas.io/extension-version: 1.0.0
            immutable: true
            data:
              extension.yaml: |
                type: sleepers
                version: 1.0.0
                lifecycleImage: AGENT
                middlewareVersions: [{version: "1", images: {debian: "localhost/middleware/redis:7.0"}}]
                topologies:
                - name: pools
                  groups: [{name: core, staticGroup: core, unit: {name: pod, minimum: 1, maximum: 3, default: 2}}]
                  extraGroups: [{staticGroup: worker, unit: {name: pod, minimum: 1, maximum: 3, default: 1}}]
                staticGroups:
                - name: core
                  process: {name: sleep, argv: [/bin/sleep, infinity], stop: [{signal: TERM, timeoutSeconds: 5}, {signal: KILL}]}
                  volumeClaims: [{name: data, mountPath: /data, defaultSize: 16Mi}]
                - name: worker
                  process: {name: sleep, argv: [/bin/sleep, infinity], stop: [{signal: TERM, timeoutSeconds: 5}, {signal: KILL}]}
                  ports: [{name: work, port: 7000}]
                  volumeClaims: [{name: data, mountPath: /data, defaultSize: 16Mi}]
              pod.core.yaml: |
                spec: {containers: [{name: main, image: "${image.debian}", resources: {requests: {cpu: 5m, memory: 8Mi}}}]}
              pod.worker.yaml: |
                spec: {containers: [{name: main, image: "${image.debian}", resources: {requests: {cpu: 5m, memory: 8Mi}}}]}
            """;

    private static Sandbox sandbox;
    private static TestCluster cluster;
    private static Map<String, Map<String, String>> core;

    @BeforeAll
    static void publish() {
        sandbox = Sandbox.open("groups");
        extensions()
                .mustInput(
                        PACKAGE.replace(
                                "AGENT",
                                Platform.CONTROLLERS.image().replace("controllers", "agent")),
                        "create",
                        "-f",
                        "-");
        Await.until(
                "Extension sleepers-1.0.0 to be valid",
                Duration.ofSeconds(10),
                () -> extensions().find("get", "mwext", "sleepers-1.0.0"),
                e -> e != null && Pods.condition(e, "Valid").equals("True"));
    }

    @AfterAll
    static void close() {
        sandbox.close();
        extensions().run("delete", "configmap", "sleepers-1.0.0");
        extensions().run("delete", "mwext", "sleepers-1.0.0", "--wait=false", "--ignore-not-found");
    }

    @Test
    @Order(1)
    void aFirstCreationNeedsNoOperation() {
        Await.until("admission to know the package", Duration.ofSeconds(10), () -> apply("").ok());
        cluster = new TestCluster(sandbox, "pools", 2).awaitRunning(LIMIT);
        core = containers();

        assertThat(core).containsOnlyKeys("pools-core-0", "pools-core-1");
        assertThat(operations()).isEmpty();
    }

    @Test
    @Order(2)
    void aGroupIsAdded() {
        var operation = change(jobs(1));

        assertThat(operation.at("/spec/type").asText()).isEqualTo("TopologyChange");
        assertThat(summaries(operation))
                .containsExactly(
                        "add static group large (from worker)",
                        "add group jobs: 1 Pod of static group large");
        assertThat(Pods.ready(cluster.pod("pools-jobs-0"))).isTrue();
        assertThat(cluster.kubectl().find("get", "service", "pools-jobs")).isNotNull();
        assertUntouched();
    }

    @Test
    @Order(3)
    void aGroupIsScaledOutAndIn() {
        var first = Pods.uid(cluster.pod("pools-jobs-0"));

        assertThat(summaries(change(jobs(3))))
                .containsExactly("scale group jobs: 1 -> 3 Pods; ordinals 1-2 join");
        assertThat(Pods.ready(cluster.pod("pools-jobs-2"))).isTrue();
        assertThat(summaries(change(jobs(2))))
                .containsExactly(
                        "scale group jobs: 3 -> 2 Pods; ordinal 2 leaves, its claims are kept");

        assertThat(cluster.kubectl().find("get", "pod", "pools-jobs-2")).isNull();
        assertThat(Pods.uid(cluster.pod("pools-jobs-0"))).isEqualTo(first);
        assertUntouched();
    }

    @Test
    @Order(4)
    void itsStaticGroupsResourcesChange() {
        var before = Pods.uid(cluster.pod("pools-jobs-0"));

        var operation = change(jobs(2).replace("24Mi", "32Mi"));

        assertThat(operation.at("/spec/type").asText()).isEqualTo("TemplateChange");
        var pod = cluster.pod("pools-jobs-0");
        assertThat(pod.at("/spec/containers/0/resources/requests/memory").asText())
                .isEqualTo("32Mi");
        Figures.note(
                "resources of a group of two changed, Pods made again: "
                        + !Pods.uid(pod).equals(before),
                took(operation));
        assertUntouched();
    }

    @Test
    @Order(5)
    void aStaticGroupInUseIsNotRemoved() {
        var result = apply("dynamicGroups: [{name: jobs, staticGroup: large, replicas: 2}]");

        assertThat(result.ok()).as("%s", result).isFalse();
        assertThat(result.err())
                .contains("spec.dynamicGroups[jobs].staticGroup", "large", "core, worker");
        assertThat(apply("dynamicGroups: [{name: more, staticGroup: core}]").err())
                .contains("spec.dynamicGroups[more].staticGroup", "allowed: worker");
    }

    @Test
    @Order(6)
    void aGroupIsRemovedAndItsClaimsStay() {
        var operation = change("");

        assertThat(summaries(operation))
                .containsExactly(
                        "remove group jobs: 2 Pods; claims are kept", "remove static group large");
        assertThat(cluster.kubectl().find("get", "eps", "pools-jobs")).isNull();
        assertThat(cluster.podList())
                .extracting(Pods::name)
                .containsExactlyElementsOf(core.keySet());
        for (String kind : List.of("service", "configmap", "pdb")) {
            Await.until(
                    kind + " pools-jobs to be gone",
                    Duration.ofSeconds(10),
                    () -> cluster.kubectl().find("get", kind, "pools-jobs") == null);
        }
        assertThat(Pods.names(cluster.kubectl().json("get", "pvc")))
                .contains("data-pools-jobs-0", "data-pools-jobs-1");
        cluster.awaitRunning(LIMIT);
        assertThat(cluster.object().at("/status/groups")).hasSize(1);
        assertUntouched();
    }

    private static Kubectl extensions() {
        return Kubectl.admin().in("middleware-extensions");
    }

    private static String jobs(int replicas) {
        return """
        staticGroups: [{name: large, from: worker, resources: {requests: {cpu: 5m, memory: 24Mi}}}]
        dynamicGroups: [{name: jobs, staticGroup: large, replicas: %d}]
        """
                .formatted(replicas);
    }

    private static Kubectl.Result apply(String more) {
        var yaml =
                """
                apiVersion: paas.io/v1
                kind: MiddlewareCluster
                metadata: {name: pools}
                spec:
                  type: sleepers
                  extensionVersion: 1.0.0
                  version: "1"
                  topology: pools
                """
                        + more.indent(2);
        return sandbox.kubectl().input(yaml, "apply", "--validate=strict", "-f", "-");
    }

    /// Applies an edit and waits for the one Operation that follows.
    private static JsonNode change(String more) {
        var before = operations();
        var result = apply(more);
        assertThat(result.ok()).as("%s", result).isTrue();
        var name = "pools-g" + cluster.object().at("/metadata/generation").asInt();
        var done = cluster.awaitSucceeded(name, LIMIT);
        assertThat(operations()).hasSize(before.size() + 1);
        return done;
    }

    private static List<String> operations() {
        return Pods.names(sandbox.kubectl().json("get", "mwop"));
    }

    private static List<String> summaries(JsonNode operation) {
        return Pods.elements(operation.at("/spec/transition/changes"))
                .map(change -> change.path("summary").asText())
                .toList();
    }

    private static Duration took(JsonNode operation) {
        return Duration.between(
                OffsetDateTime.parse(operation.at("/status/startedAt").asText()),
                OffsetDateTime.parse(operation.at("/status/finishedAt").asText()));
    }

    /// The first group's Pods: the same objects, and in them the same containers.
    private static void assertUntouched() {
        var now = containers();
        now.keySet().retainAll(core.keySet());
        assertThat(now).isEqualTo(core);
    }

    private static Map<String, Map<String, String>> containers() {
        var all = new TreeMap<String, Map<String, String>>();
        for (JsonNode pod : new TestCluster(sandbox, "pools", 0).podList()) {
            var ids = Pods.containerIds(pod);
            ids.put("uid", Pods.uid(pod));
            all.put(Pods.name(pod), ids);
        }
        return all;
    }
}
