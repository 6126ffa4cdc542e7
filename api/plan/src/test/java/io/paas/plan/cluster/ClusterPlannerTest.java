package io.paas.plan.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.api.extension.ExtensionPackage;
import io.paas.api.extension.ExtensionParser;
import io.paas.api.extension.ParsedExtension;
import io.paas.api.json.Json;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.ProcessState;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

final class ClusterPlannerTest {

    private static final String MANIFEST =
            """
            type: store
            version: 1.0.0
            lifecycleImage: registry.test/lifecycle:1
            middlewareVersions:
            - {version: "6.0", images: {store: "registry.test/store:6.0"}}
            - {version: "7.0", images: {store: "registry.test/store:7.0"}}
            roles: [primary, replica]
            topologies:
            - name: cluster
              parameters: [{name: followers, type: integer, default: 0, minimum: 0, maximum: 5}]
              groups:
              - name: nodes
                staticGroup: node
                unit: {name: leader, parameter: followers, minimum: 3, maximum: 10, default: 3}
            staticGroups:
            - name: node
              process: {name: store, argv: [/run/start], stop: [{signal: TERM, timeoutSeconds: 30}]}
              ports: [{name: store, port: 6379}]
              volumeClaims: [{name: data, mountPath: /data, defaultSize: 1Gi}]
            endpoints: [{name: store, group: nodes, port: store}]
            hooks: {postScaleOut: {retries: 10}}
            """;
    private static final String POD =
            """
            spec:
              containers:
              - {name: main, image: "${image.store}", env: [{name: A, value: "${cluster}-$${X}"}]}
            """;

    @Test
    void completesThePackagesPod() {
        ClusterPlan.Run plan = run(snapshot(spec(""), extension("1"), List.of(), Map.of()));

        JsonNode template = plan.groups().getFirst().content().template();
        JsonNode main = template.at("/spec/containers/0");
        assertThat(main.get("image").textValue()).isEqualTo("registry.test/store:7.0");
        assertThat(main.at("/env/0/value").textValue()).isEqualTo("demo-${X}");
        assertThat(main.at("/command/0").textValue()).isEqualTo("/run/middleware/bin/launcher");
        assertThat(names(template.at("/spec/initContainers"))).containsExactly("launcher", "agent");
        assertThat(main.at("/readinessProbe/periodSeconds").intValue()).isEqualTo(1);
        assertThat(main.at("/readinessProbe/timeoutSeconds").intValue()).isEqualTo(3);
        assertThat(names(main.get("volumeMounts")))
                .contains("data")
                .doesNotContain("middleware-token");
        assertThat(names(template.at("/spec/initContainers/1/volumeMounts")))
                .contains("middleware-token");
        assertThat(template.at("/spec/volumes/0/emptyDir").isObject()).isTrue();
        assertThat(template.at("/spec/automountServiceAccountToken").booleanValue()).isFalse();
        for (String list : List.of("/spec/containers", "/spec/initContainers")) {
            for (JsonNode container : template.at(list)) {
                assertThat(container.at("/securityContext/capabilities/drop/0").textValue())
                        .isEqualTo("ALL");
                assertThat(container.at("/securityContext/readOnlyRootFilesystem").booleanValue())
                        .isTrue();
            }
        }
        assertThat(plan.groups().getFirst().replicas()).isEqualTo(3);
        assertThat(plan.groups().getFirst().content().restartOrder())
                .containsExactly("replica", "primary");
        assertThat(plan.groups().getFirst().content().files().get("services"))
                .startsWith("service store\nargv /run/start\n");
    }

    @Test
    void mountsThePasswordInMainAndAgentOnly() {
        ClusterPlan.Run plan =
                run(
                        snapshot(
                                spec(",\"authSecretRef\":{\"name\":\"pw\"}"),
                                extension("1"),
                                List.of(),
                                Map.of()));

        JsonNode spec = plan.groups().getFirst().content().template().get("spec");
        assertThat(names(spec.at("/containers/0/volumeMounts"))).contains("middleware-auth");
        assertThat(names(spec.at("/initContainers/1/volumeMounts"))).contains("middleware-auth");
        assertThat(names(spec.at("/initContainers/0/volumeMounts")))
                .doesNotContain("middleware-auth");
    }

    @Test
    void neverRendersAStoredRevisionAgain() {
        Revision stored = run(snapshot(spec(""), extension("1"), List.of(), Map.of())).revision();
        Revision read =
                new Revision(
                        stored.name(),
                        7,
                        Json.read(Json.write(stored.content()), RevisionContent.class));
        // The same digest with another rendering: what a new platform version would do.
        ClusterSnapshot.Installed changed =
                new ClusterSnapshot.Installed(
                        "store-1.0.0", "1", parse(POD.replace("A, value", "B, value")));

        ClusterPlan.Run plan = run(snapshot(spec(""), changed, List.of(read), Map.of("nodes", 3)));

        assertThat(plan.stored()).isTrue();
        assertThat(plan.revision()).isSameAs(read);
        assertThat(plan.objections()).isEmpty();
        assertThat(Json.write(read.content())).isEqualTo(Json.write(stored.content()));
    }

    @Test
    void keepsItsRevisionWithoutTheExtension() {
        Revision stored = run(snapshot(spec(""), extension("1"), List.of(), Map.of())).revision();

        ClusterPlan.Run same = run(snapshot(spec(""), null, List.of(stored), Map.of("nodes", 3)));
        ClusterPlan.Run changed =
                run(
                        snapshot(
                                spec(",\"resources\":{\"limits\":{\"memory\":\"1Gi\"}}"),
                                null,
                                List.of(stored),
                                Map.of("nodes", 3)));

        assertThat(same.objections()).isEmpty();
        assertThat(changed.revision()).isSameAs(stored);
        assertThat(changed.objections())
                .extracting(ClusterPlan.Objection::reason)
                .containsExactly(ClusterPlanner.EXTENSION_NOT_READY);
    }

    @Test
    void makesANewRevisionForOtherResources() {
        Revision stored = run(snapshot(spec(""), extension("1"), List.of(), Map.of())).revision();

        ClusterPlan.Run plan =
                run(
                        snapshot(
                                spec(",\"resources\":{\"limits\":{\"memory\":\"1Gi\"}}"),
                                extension("1"),
                                List.of(stored),
                                Map.of("nodes", 3)));

        assertThat(plan.stored()).isFalse();
        assertThat(plan.revision().number()).isEqualTo(stored.number() + 1);
        assertThat(plan.revision().name()).startsWith("demo-").isNotEqualTo(stored.name());
        assertThat(
                        plan.groups()
                                .getFirst()
                                .content()
                                .template()
                                .at("/spec/containers/0/resources/limits/memory")
                                .textValue())
                .isEqualTo("1Gi");
    }

    @Test
    void replicasAndProcessStateAreInNoRevision() {
        Revision stored = run(snapshot(spec(""), extension("1"), List.of(), Map.of())).revision();

        ClusterPlan.Run plan =
                run(
                        snapshot(
                                spec(group("\"replicas\":5,\"processState\":\"Stopped\"")),
                                extension("1"),
                                List.of(stored),
                                Map.of("nodes", 3)));

        assertThat(plan.stored()).isTrue();
        assertThat(plan.groups().getFirst().replicas()).isEqualTo(5);
        assertThat(plan.groups().getFirst().processState()).isEqualTo(ProcessState.STOPPED);
    }

    @Test
    void removesNoPodThatNobodySavesAnythingOf() {
        Revision stored = run(snapshot(spec(""), extension("1"), List.of(), Map.of())).revision();

        ClusterPlan.Run plan =
                run(
                        snapshot(
                                spec(group("\"replicas\":3")),
                                extension("1"),
                                List.of(stored),
                                Map.of("nodes", 5)));

        assertThat(plan.groups().getFirst().replicas()).isEqualTo(5);
        assertThat(plan.objections())
                .extracting(ClusterPlan.Objection::reason)
                .containsExactly(ClusterPlanner.SCALE_IN_NOT_SUPPORTED);
        assertThat(plan.objections().getFirst().message())
                .startsWith("spec.dynamicGroups[nodes].replicas: ordinals 3-4 cannot leave")
                .endsWith("set 5 again");
    }

    @Test
    void takesOutAndBringsBackOrdinalsWhereAHookSavesWhatTheyHold() {
        ClusterSnapshot.Installed extension = extension("1", "preScaleIn: {timeoutSeconds: 60}");
        Revision stored = run(snapshot(spec(""), extension, List.of(), Map.of())).revision();

        ClusterPlan.Run plan =
                run(
                        snapshot(
                                spec(group("\"replicas\":4,\"offlineOrdinals\":[\"2\"]")),
                                extension,
                                List.of(stored),
                                Map.of("nodes", 5)));

        assertThat(plan.objections()).isEmpty();
        assertThat(plan.stored()).as("sizes are in no revision").isTrue();
        assertThat(plan.groups().getFirst().size().running()).containsExactly(0, 1, 3, 4);
    }

    @Test
    void takingAnOrdinalOutForAnotherOneIsARemovalToo() {
        Revision stored = run(snapshot(spec(""), extension("1"), List.of(), Map.of())).revision();

        ClusterPlan.Run plan =
                run(
                        snapshot(
                                spec(group("\"replicas\":5,\"offlineOrdinals\":[\"2\"]")),
                                extension("1"),
                                List.of(stored),
                                Map.of("nodes", 5)));

        assertThat(plan.objections()).hasSize(1);
        assertThat(plan.groups().getFirst().size()).isEqualTo(GroupSize.of(5));
    }

    @Test
    void objectsToAnUpgradeAndKeepsWhatRuns() {
        Revision stored = run(snapshot(spec(""), extension("1"), List.of(), Map.of())).revision();
        MiddlewareCluster.Spec older =
                Json.read(
                        Json.write(spec("")).replace("\"7.0\"", "\"6.0\""),
                        MiddlewareCluster.Spec.class);

        ClusterPlan.Run plan =
                run(snapshot(older, extension("1"), List.of(stored), Map.of("nodes", 3)));

        assertThat(plan.revision()).isSameAs(stored);
        assertThat(plan.objections())
                .extracting(ClusterPlan.Objection::reason)
                .containsExactly(ClusterPlanner.UPGRADE_NOT_SUPPORTED);
    }

    @Test
    void isBlockedWithTheWayOut() {
        assertThat(ClusterPlanner.plan(snapshot(spec(""), null, List.of(), Map.of())))
                .isEqualTo(new ClusterPlan.Blocked("ExtensionNotReady", "not there"));
        assertThat(
                        ClusterPlanner.plan(
                                snapshot(
                                        spec(group("\"replicas\":2")),
                                        extension("1"),
                                        List.of(),
                                        Map.of())))
                .isInstanceOfSatisfying(
                        ClusterPlan.Blocked.class,
                        blocked -> assertThat(blocked.message()).contains("allowed: 3 to 10"));
        ClusterSnapshot noSecret =
                new ClusterSnapshot(
                        "demo",
                        "ns",
                        spec(",\"authSecretRef\":{\"name\":\"pw\"}"),
                        extension("1"),
                        "",
                        List.of(),
                        Map.of(),
                        () -> true);
        assertThat(ClusterPlanner.plan(noSecret))
                .isInstanceOfSatisfying(
                        ClusterPlan.Blocked.class,
                        blocked ->
                                assertThat(blocked.message())
                                        .contains("kubectl create secret generic pw -n ns"));
    }

    private static ClusterPlan.Run run(ClusterSnapshot snapshot) {
        return (ClusterPlan.Run) ClusterPlanner.plan(snapshot);
    }

    private static ClusterSnapshot snapshot(
            MiddlewareCluster.Spec spec,
            ClusterSnapshot.Installed extension,
            List<Revision> revisions,
            Map<String, Integer> replicas) {
        Map<String, GroupState> groups = new TreeMap<>();
        replicas.forEach(
                (name, number) ->
                        groups.put(
                                name,
                                new GroupState(
                                        name,
                                        null,
                                        GroupSize.of(number),
                                        ProcessState.RUNNING,
                                        false,
                                        null)));
        return new ClusterSnapshot(
                "demo", "ns", spec, extension, "not there", revisions, groups, () -> false);
    }

    private static MiddlewareCluster.Spec spec(String more) {
        return Json.read(
                "{\"type\":\"store\",\"extensionVersion\":\"1.0.0\",\"version\":\"7.0\","
                        + "\"topology\":\"cluster\""
                        + more
                        + "}",
                MiddlewareCluster.Spec.class);
    }

    private static String group(String fields) {
        return ",\"dynamicGroups\":[{\"name\":\"nodes\"," + fields + "}]";
    }

    private static ClusterSnapshot.Installed extension(String digest) {
        return new ClusterSnapshot.Installed("store-1.0.0", digest, parse(POD));
    }

    private static ClusterSnapshot.Installed extension(String digest, String hook) {
        return new ClusterSnapshot.Installed(
                "store-1.0.0",
                digest,
                parse(MANIFEST.replace("hooks: {", "hooks: {" + hook + ", "), POD));
    }

    private static ExtensionPackage parse(String pod) {
        return parse(MANIFEST, pod);
    }

    private static ExtensionPackage parse(String manifest, String pod) {
        ParsedExtension parsed =
                ExtensionParser.parse(Map.of("extension.yaml", manifest, "pod.node.yaml", pod));
        assertThat(parsed).isInstanceOf(ParsedExtension.Valid.class);
        return ((ParsedExtension.Valid) parsed).extension();
    }

    private static Stream<String> names(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(n -> n.get("name").textValue());
    }
}
