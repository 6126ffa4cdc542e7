package io.paas.plan.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.paas.api.extension.ExtensionPackage;
import io.paas.api.extension.ExtensionParser;
import io.paas.api.extension.ParsedExtension;
import io.paas.api.json.Json;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.Operation;
import io.paas.api.v1.ProcessState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What an edit of a running cluster's groups comes to.
final class ClusterChangeTest {

    private static final String MANIFEST =
            """
            type: store
            version: 1.0.0
            lifecycleImage: registry.test/lifecycle:1
            middlewareVersions: [{version: "7.0", images: {store: "registry.test/store:7.0"}}]
            topologies:
            - name: cluster
              groups:
              - {name: nodes, staticGroup: node, unit: {name: leader, minimum: 3, maximum: 9, default: 3}}
              extraGroups:
              - {staticGroup: worker, unit: {name: pod, minimum: 1, maximum: 5, default: 2}}
            staticGroups:
            - name: node
              process: {name: store, argv: [/run/start], stop: [{signal: TERM, timeoutSeconds: 30}]}
              volumeClaims: [{name: data, mountPath: /data, defaultSize: 1Gi}]
            - name: worker
              process: {name: work, argv: [/run/work], stop: [{signal: TERM, timeoutSeconds: 30}]}
            """;
    private static final String POD =
            "spec: {containers: [{name: main, image: \"${image.store}\", env: [ENV]}]}";

    /// One cluster: what is stored, what stands, and what follows from its next spec.
    private final List<Revision> revisions = new ArrayList<>();

    private final Map<String, GroupState> groups = new TreeMap<>();
    private String env = "";

    @Test
    void aFirstCreationIsNoChange() {
        assertThat(between(spec("")).changes()).isEmpty();
        assertThat(layout(spec("")).groups()).extracting(p -> p.name()).containsExactly("nodes");
    }

    @Test
    void addsAGroupOfTheUsersOwn() {
        runs(spec(""));
        MiddlewareCluster.Spec added =
                spec("dynamicGroups:\n- {name: jobs, staticGroup: worker, replicas: 1}");

        ClusterChange change = between(added);

        assertThat(change.type()).isEqualTo(Operation.Type.TOPOLOGY_CHANGE);
        assertThat(change).hasToString("add group jobs: 1 Pod of static group worker");
        assertThat(layout(added).has("jobs")).as("before its step").isFalse();
        assertThat(layout(added, change, "Add-jobs").has("jobs")).isTrue();
        assertThat(placed(layout(added), "nodes").revision())
                .as("stays until all is done")
                .isEqualTo(revisions.getFirst().name());
    }

    @Test
    void oneOperationDoesAllThatOneEditAsks() {
        runs(
                spec(
                        """
                        dynamicGroups:
                        - {name: jobs, staticGroup: worker, replicas: 4}
                        - {name: old, staticGroup: worker}
                        """));
        MiddlewareCluster.Spec next =
                spec(
                        """
                        staticGroups:
                        - {name: large, from: worker, resources: {limits: {memory: 1Gi}}}
                        resources: {limits: {memory: 2Gi}}
                        dynamicGroups:
                        - {name: nodes, replicas: 5}
                        - {name: jobs, staticGroup: worker, replicas: 2}
                        - {name: new, staticGroup: large}
                        """);

        ClusterChange change = between(next);

        String target = change.to().name();
        assertThat(change.type()).isEqualTo(Operation.Type.TOPOLOGY_CHANGE);
        assertThat(change.changes())
                .extracting(Operation.Change::summary)
                .containsExactly(
                        "add static group large (from worker)",
                        "roll group nodes to revision "
                                + target
                                + ", 3 -> 5 Pods; ordinals 3-4 join",
                        "add group new: 2 Pods of static group large",
                        "roll group jobs to revision "
                                + target
                                + ", 4 -> 2 Pods; ordinals 2-3 leave, their claims are kept",
                        "remove group old: 2 Pods; claims are kept");
    }

    @Test
    void numbersOfPodsAloneAreAScale() {
        runs(spec("dynamicGroups: [{name: jobs, staticGroup: worker, replicas: 4}]"));
        String jobs = "dynamicGroups: [{name: jobs, staticGroup: worker, replicas: %s}]";

        ClusterChange more = between(spec(jobs.formatted("5")));
        ClusterChange fewer = between(spec(jobs.formatted("3")));
        ClusterChange named = between(spec(jobs.formatted("3, offlineOrdinals: ['1']")));
        ClusterChange swapped = between(spec(jobs.formatted("4, offlineOrdinals: ['1']")));

        assertThat(more.type()).isEqualTo(Operation.Type.SCALE_OUT);
        assertThat(more).hasToString("scale group jobs: 4 -> 5 Pods; ordinal 4 joins");
        assertThat(fewer.type()).isEqualTo(Operation.Type.SCALE_IN);
        assertThat(fewer)
                .hasToString(
                        "scale group jobs: 4 -> 3 Pods; ordinal 3 leaves, its claims are kept");
        assertThat(named.type()).isEqualTo(Operation.Type.SCALE_IN);
        assertThat(named.changes().getFirst().offlineOrdinals()).containsExactly("1");
        assertThat(named)
                .hasToString(
                        "scale group jobs: 4 -> 3 Pods; ordinal 1 leaves, its claims are kept");
        assertThat(swapped.type()).isEqualTo(Operation.Type.TOPOLOGY_CHANGE);
    }

    @Test
    void aScaleOfNamedOrdinalsIsUnderWayUntilTheGroupHasThem() {
        runs(spec("dynamicGroups: [{name: jobs, staticGroup: worker, replicas: 4}]"));
        MiddlewareCluster.Spec next =
                spec(
                        "dynamicGroups: [{name: jobs, staticGroup: worker, replicas: 3,"
                                + " offlineOrdinals: ['1']}]");
        MiddlewareCluster.Spec other =
                spec(
                        "dynamicGroups: [{name: jobs, staticGroup: worker, replicas: 3,"
                                + " offlineOrdinals: ['2']}]");
        ClusterChange change = between(next);

        assertThat(placed(layout(next), "jobs").group().size())
                .as("before its step")
                .isEqualTo(GroupSize.of(4));
        assertThat(placed(layout(next, change, "Scale-jobs"), "jobs").group().size().running())
                .containsExactly(0, 2, 3);
        assertThat(between(next).isEndOf(change.transition(2), plan(next))).isTrue();
        assertThat(between(other).isEndOf(change.transition(2), plan(other))).isFalse();
    }

    @Test
    void aStaticGroupsResourcesRollOnlyItsGroups() {
        runs(spec(jobs("large", "1Gi")));
        // Another version of the platform renders every Pod differently.
        env = "{name: A, value: b}";
        MiddlewareCluster.Spec next = spec(jobs("large", "2Gi"));

        ClusterChange change = between(next);

        assertThat(change.type()).isEqualTo(Operation.Type.TEMPLATE_CHANGE);
        assertThat(change.changes())
                .extracting(ClusterChange::stepName)
                .containsExactly("Define-large", "Update-jobs");
        assertThat(change.to().content().group("nodes"))
                .as("taken from the revision that it has")
                .hasValueSatisfying(
                        nodes ->
                                assertThat(nodes.template().at("/spec/containers/0/env/0/name"))
                                        .hasToString("\"POD_NAME\""));
        assertThat(
                        change.to()
                                .content()
                                .group("jobs")
                                .orElseThrow()
                                .template()
                                .at("/spec/containers/0/resources/limits/memory")
                                .textValue())
                .isEqualTo("2Gi");
    }

    @Test
    void goesBackToTheStoredRevision() {
        runs(spec(jobs("large", "1Gi")));
        runs(spec(jobs("large", "2Gi")));
        env = "{name: A, value: b}";

        ClusterChange change = between(spec(jobs("large", "1Gi")));

        assertThat(change.to().name()).isEqualTo(revisions.getFirst().name());
        assertThat(change.to().number()).isEqualTo(3);
    }

    @Test
    void removesAGroupWhenItsStepRuns() {
        runs(spec("dynamicGroups:\n- {name: jobs, staticGroup: worker}"));
        ClusterChange change = between(spec(""));

        assertThat(change).hasToString("remove group jobs: 2 Pods; claims are kept");
        assertThat(layout(spec("")).leaving()).isEmpty();
        ClusterLayout removing = layout(spec(""), change, "Remove-jobs");
        assertThat(removing.leaving()).containsExactly("jobs");
        assertThat(removing.has("jobs")).as("its Service stays until its Pods are gone").isTrue();

        groups.remove("jobs");
        assertThat(layout(spec(""), change, "Remove-jobs").has("jobs")).isFalse();
        assertThat(between(spec("")).changes()).isEmpty();
        assertThat(placed(layout(spec("")), "nodes").revision()).isEqualTo(change.to().name());
    }

    @Test
    void restoresADeletedExPodSetWithoutAnOperation() {
        runs(spec("dynamicGroups:\n- {name: jobs, staticGroup: worker}"));
        groups.remove("jobs");
        MiddlewareCluster.Spec same = spec("dynamicGroups:\n- {name: jobs, staticGroup: worker}");

        assertThat(between(same).changes()).isEmpty();
        assertThat(placed(layout(same), "jobs").group().replicas()).isEqualTo(2);
    }

    @Test
    void theNextOperationFinishesWhatTheLastOneHadBegun() {
        runs(spec(""));
        groups.put("nodes", state("nodes", revisions.getFirst().name(), GroupSize.of(5)));
        MiddlewareCluster.Spec next =
                spec(
                        "dynamicGroups:\n- {name: nodes, replicas: 5}\n"
                                + "- {name: jobs, staticGroup: worker}");

        ClusterChange change = ClusterChange.between(snapshot(next), plan(next), Set.of("nodes"));

        assertThat(change.changes())
                .extracting(Operation.Change::summary)
                .containsExactly(
                        "finish group nodes: 5 Pods",
                        "add group jobs: 2 Pods of static group worker");
    }

    @Test
    void knowsWhenAnEditHasOvertakenAnOperation() {
        runs(spec(""));
        MiddlewareCluster.Spec five = spec("dynamicGroups:\n- {name: nodes, replicas: 5}");
        Operation.Transition earlier = between(five).transition(2);

        assertThat(between(five).isEndOf(earlier, plan(five))).isTrue();
        groups.put("nodes", state("nodes", revisions.getFirst().name(), GroupSize.of(5)));
        assertThat(between(five).isEndOf(earlier, plan(five))).as("while it is done").isTrue();
        MiddlewareCluster.Spec seven = spec("dynamicGroups:\n- {name: nodes, replicas: 7}");
        assertThat(between(seven).isEndOf(earlier, plan(seven))).isFalse();
        MiddlewareCluster.Spec more =
                spec(
                        "dynamicGroups:\n- {name: nodes, replicas: 5}\n"
                                + "- {name: jobs, staticGroup: worker}");
        assertThat(between(more).isEndOf(earlier, plan(more))).isFalse();
    }

    @Test
    void refusesWhatNoTopologyAllows() {
        assertThat(problem("dynamicGroups:\n- {name: gnomes}"))
                .isEqualTo(
                        "spec.dynamicGroups[gnomes].staticGroup: must be set, because it is not a"
                                + " group of topology cluster; its groups: nodes; allowed for more:"
                                + " worker");
        assertThat(problem("dynamicGroups:\n- {name: jobs, staticGroup: gone}"))
                .isEqualTo(
                        "spec.dynamicGroups[jobs].staticGroup: gone is unknown; known: node,"
                                + " worker");
        assertThat(problem("dynamicGroups:\n- {name: more, staticGroup: node}"))
                .isEqualTo(
                        "spec.dynamicGroups[more].staticGroup: topology cluster has no further"
                                + " groups of node; allowed: worker");
        assertThat(problem("dynamicGroups:\n- {name: nodes, staticGroup: worker}"))
                .isEqualTo("spec.dynamicGroups[nodes].staticGroup: must be node or made from it");
        assertThat(problem("staticGroups:\n- {name: large}"))
                .isEqualTo("spec.staticGroups[large].from: large is unknown; known: node, worker");
    }

    private String problem(String more) {
        return ((ClusterPlan.Blocked) ClusterPlanner.plan(snapshot(spec(more)))).message();
    }

    private static String jobs(String staticGroup, String memory) {
        return """
        staticGroups:
        - {name: large, from: worker, resources: {limits: {memory: %s}}}
        dynamicGroups:
        - {name: jobs, staticGroup: %s}
        """
                .formatted(memory, staticGroup);
    }

    private static MiddlewareCluster.Spec spec(String more) {
        String yaml =
                """
                type: store
                extensionVersion: 1.0.0
                version: "7.0"
                topology: cluster
                """
                        + more;
        try {
            return Json.convert(new YAMLMapper().readTree(yaml), MiddlewareCluster.Spec.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(yaml, e);
        }
    }

    /// Brings all groups to a spec.
    private void runs(MiddlewareCluster.Spec spec) {
        ClusterPlan.Run plan = plan(spec);
        if (!plan.stored()) {
            revisions.add(plan.revision());
        }
        groups.clear();
        plan.groups()
                .forEach(
                        g ->
                                groups.put(
                                        g.name(),
                                        state(g.name(), plan.revision().name(), g.size())));
    }

    private static GroupState state(String group, String revision, GroupSize size) {
        return new GroupState(group, revision, size, ProcessState.RUNNING, false, null);
    }

    private ClusterChange between(MiddlewareCluster.Spec spec) {
        return ClusterChange.between(snapshot(spec), plan(spec), Set.of());
    }

    private ClusterPlan.Run plan(MiddlewareCluster.Spec spec) {
        return (ClusterPlan.Run) ClusterPlanner.plan(snapshot(spec));
    }

    private ClusterLayout layout(MiddlewareCluster.Spec spec) {
        return layout(spec, between(spec), "none");
    }

    private ClusterLayout layout(
            MiddlewareCluster.Spec spec, ClusterChange planned, String runningStep) {
        return ClusterLayout.of(
                snapshot(spec),
                plan(spec),
                between(spec),
                true,
                planned.transition(2),
                planned.changes().stream()
                        .filter(c -> ClusterChange.stepName(c).equals(runningStep))
                        .toList());
    }

    private static ClusterLayout.Placed placed(ClusterLayout layout, String group) {
        return layout.groups().stream()
                .filter(p -> p.name().equals(group))
                .findFirst()
                .orElseThrow();
    }

    private ClusterSnapshot snapshot(MiddlewareCluster.Spec spec) {
        ClusterSnapshot.Installed installed =
                new ClusterSnapshot.Installed("store-1.0.0", "1", parse());
        return new ClusterSnapshot(
                "demo", "ns", spec, installed, "", List.copyOf(revisions), groups, () -> false);
    }

    private ExtensionPackage parse() {
        String pod = POD.replace("ENV", env);
        ParsedExtension parsed =
                ExtensionParser.parse(
                        Map.of(
                                "extension.yaml",
                                MANIFEST,
                                "pod.node.yaml",
                                pod,
                                "pod.worker.yaml",
                                pod));
        assertThat(parsed).isInstanceOf(ParsedExtension.Valid.class);
        return ((ParsedExtension.Valid) parsed).extension();
    }
}
