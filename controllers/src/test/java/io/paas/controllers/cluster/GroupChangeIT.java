package io.paas.controllers.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.paas.api.json.Json;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.Operation;
import io.paas.api.v1.Operation.Phase;
import io.paas.api.v1.OperationOutcome;
import io.paas.controllers.operation.OperationController;
import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.informer.Informer;
import io.paas.test.support.KubeApiServer;
import io.paas.test.support.KubeApiServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/// Groups at run time with the controllers of clusters and Operations against a real API server.
/// The ExPodSet controller and the garbage collector are played by the test.
@ExtendWith(KubeApiServerExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GroupChangeIT {

    private static final String MANIFEST =
            """
            type: pools
            version: 1.0.0
            lifecycleImage: registry.test/lifecycle:1
            middlewareVersions: [{version: "7.0", images: {store: "registry.test/store:7.0"}}]
            topologies:
            - name: cluster
              groups: [{name: nodes, staticGroup: node}]
              extraGroups: [{staticGroup: worker, unit: {name: pod, minimum: 1, maximum: 9, default: 2}}]
            staticGroups:
            - name: node
              process: {name: store, argv: [/run/start], stop: [{signal: TERM, timeoutSeconds: 30}]}
            - name: worker
              process: {name: work, argv: [/run/work], stop: [{signal: TERM, timeoutSeconds: 30}]}
              ports: [{name: work, port: 7000}]
            """;
    private static final String POD =
            "spec: {containers: [{name: main, image: \"${image.store}\"}]}";

    private final KubeApiServer server;
    private final KubeClient kube;
    private final LiveClusters clusters;
    private final Set<String> held = ConcurrentHashMap.newKeySet();
    private Informer<ExPodSet> sets;

    GroupChangeIT(KubeApiServer server) {
        this.server = server;
        clusters = LiveClusters.on(server);
        kube = clusters.kube;
    }

    @BeforeAll
    void publish() throws InterruptedException {
        clusters.publish(
                "pools",
                true,
                Map.of("extension.yaml", MANIFEST, "pod.node.yaml", POD, "pod.worker.yaml", POD));
        sets = new Informer<>(kube.of(Kind.EXPODSET), ListQuery.ALL).onChange(this::play).start();
        startControllers();
    }

    private void startControllers() throws InterruptedException {
        clusters.start(
                (context, packages) ->
                        List.of(
                                ClusterController.create(context, packages, 1),
                                OperationController.create(context, 1)));
    }

    @AfterEach
    void deleteClusters() {
        held.clear();
        clusters.deleteAll();
    }

    @AfterAll
    void stop() throws InterruptedException {
        clusters.stop();
        sets.close();
    }

    @Test
    void addsScalesChangesAndRemovesAGroup() throws Exception {
        ObjectKey demo = create("groups");
        assertThat(operations(demo)).as("of the first creation").isEmpty();
        long nodes = clusters.set(demo, "nodes").metadata().getGeneration();

        edit(demo, large("1Gi"), jobs(2));
        Operation added = succeeded(demo, "demo-g2");
        assertThat(added.spec().type()).isEqualTo(Operation.Type.TOPOLOGY_CHANGE);
        assertThat(stepsOf(added)).containsExactly("Define-large", "Add-jobs");
        assertThat(clusters.set(demo, "jobs").spec().replicas()).isEqualTo(2);
        server.kubectl("get", "service/demo-jobs", "configmap/demo-jobs", "-n", "groups");

        edit(demo, large("1Gi"), jobs(3));
        Operation grown = succeeded(demo, "demo-g3");
        assertThat(grown.spec().type()).isEqualTo(Operation.Type.SCALE_OUT);
        assertThat(stepsOf(grown)).containsExactly("Scale-jobs");
        edit(demo, large("1Gi"), jobs(1));
        Operation shrunk = succeeded(demo, "demo-g4");
        assertThat(shrunk.spec().type()).isEqualTo(Operation.Type.SCALE_IN);
        assertThat(stepsOf(shrunk)).containsExactly("Scale-jobs");
        assertThat(clusters.set(demo, "jobs").spec().replicas()).isEqualTo(1);

        edit(demo, large("2Gi"), jobs(1));
        Operation changed = succeeded(demo, "demo-g5");
        assertThat(changed.spec().type()).isEqualTo(Operation.Type.TEMPLATE_CHANGE);
        assertThat(stepsOf(changed)).containsExactly("Define-large", "Update-jobs");

        edit(demo, "", "");
        assertThat(stepsOf(succeeded(demo, "demo-g6")))
                .containsExactly("Remove-jobs", "Forget-large");
        soon(
                () -> {
                    for (String kind : List.of("expodset", "service", "configmap", "pdb")) {
                        assertThat(names(kind, "groups")).doesNotContain("demo-jobs");
                    }
                    assertThat(clusters.status(demo).groups())
                            .extracting(MiddlewareCluster.GroupStatus::name)
                            .containsExactly("nodes");
                    assertThat(clusters.condition(demo, "Synced").isTrue()).isTrue();
                    assertThat(clusters.status(demo).currentRevision())
                            .isEqualTo(clusters.status(demo).targetRevision());
                });
        assertThat(clusters.set(demo, "nodes").metadata().getGeneration())
                .as("the first group's ExPodSet was never changed")
                .isEqualTo(nodes);
        assertThat(operations(demo)).hasSize(5);
        clusters.assertNothingIsWritten(demo);
    }

    @Test
    void anotherControllerGoesOnWhereOneWasKilled() throws Exception {
        ObjectKey demo = create("killed");
        held.add("demo-jobs");
        edit(demo, "", jobs(2));
        soon(() -> assertThat(operation(demo, "demo-g2").status().message()).contains("Add-jobs"));
        soon(() -> assertThat(clusters.set(demo, "jobs").spec().replicas()).isEqualTo(2));

        clusters.stop();
        startControllers();
        release(demo, "jobs");

        assertThat(succeeded(demo, "demo-g2").status().progress()).isEqualTo("1/1");
        assertThat(operations(demo)).hasSize(1);
    }

    @Test
    void anEditThatOvertakesAnOperationEndsIt() {
        ObjectKey demo = create("overtaken-groups");
        held.add("demo-jobs");
        edit(demo, large("1Gi"), jobs(2));
        soon(() -> assertThat(clusters.set(demo, "jobs").spec().replicas()).isEqualTo(2));

        edit(demo, large("1Gi"), jobs(4));

        soon(
                () -> {
                    Operation first = operation(demo, "demo-g2");
                    assertThat(first.status().phase()).isEqualTo(Phase.CANCELLED);
                    assertThat(OperationOutcome.of(first).reason()).isEqualTo("Superseded");
                    assertThat(clusters.set(demo, "jobs").spec().replicas()).isEqualTo(4);
                });
        release(demo, "jobs");
        succeeded(demo, "demo-g3");
        assertThat(operations(demo)).hasSize(2);
    }

    @Test
    void aPausedOperationKeepsALaterEditWaiting() {
        ObjectKey demo = create("paused-groups");
        held.add("demo-jobs");
        edit(demo, "", jobs(2));
        soon(() -> assertThat(clusters.set(demo, "jobs").spec().replicas()).isEqualTo(2));
        control(demo, "demo-g2", "Pause");

        edit(demo, "", jobs(4));
        soon(() -> assertThat(clusters.status(demo).observedGeneration()).isEqualTo(3));
        assertThat(clusters.set(demo, "jobs").spec().replicas()).isEqualTo(2);
        assertThat(operations(demo)).hasSize(1);

        release(demo, "jobs");
        // What has begun comes to its end while it is paused; released earlier, it would be
        // overtaken.
        soon(
                () ->
                        assertThat(operation(demo, "demo-g2").status().steps())
                                .extracting(Operation.Step::state)
                                .containsExactly(Operation.StepState.SUCCEEDED));
        control(demo, "demo-g2", "Run");
        succeeded(demo, "demo-g2");
        succeeded(demo, "demo-g3");
        assertThat(clusters.set(demo, "jobs").spec().replicas()).isEqualTo(4);
    }

    @Test
    void whatWasCancelledIsTriedAgainWhenAsked() {
        ObjectKey demo = create("retried-groups");
        held.add("demo-jobs");
        edit(demo, "", jobs(2));
        soon(() -> assertThat(clusters.set(demo, "jobs").spec().replicas()).isEqualTo(2));
        control(demo, "demo-g2", "Cancel");
        soon(
                () ->
                        assertThat(operation(demo, "demo-g2").status().phase())
                                .isEqualTo(Phase.CANCELLED));

        clusters.patch(
                demo,
                """
                {"metadata": {"annotations": {
                  "middleware.paas.io/retry": "{\\"operation\\":\\"demo-g2\\",\\"user\\":\\"jane\\"}"}}}
                """);
        soon(() -> assertThat(operation(demo, "demo-g2-2").spec().retryOf()).isEqualTo("demo-g2"));
        release(demo, "jobs");
        succeeded(demo, "demo-g2-2");
        soon(() -> assertThat(clusters.condition(demo, "Synced").isTrue()).isTrue());
        assertThat(operations(demo)).hasSize(2);
    }

    @Test
    void whatWasCancelledIsNotTriedAgainUntilTheSpecChanges() throws Exception {
        ObjectKey demo = create("cancelled-groups");
        edit(demo, "", jobs(2) + ", " + other());
        succeeded(demo, "demo-g2");
        held.add("demo-jobs");
        edit(demo, "", jobs(3) + ", " + other().replace("2", "5"));
        soon(() -> assertThat(clusters.set(demo, "jobs").spec().replicas()).isEqualTo(3));

        control(demo, "demo-g3", "Cancel");

        soon(
                () -> {
                    assertThat(operation(demo, "demo-g3").status().phase())
                            .isEqualTo(Phase.CANCELLED);
                    assertThat(clusters.status(demo).heldRevision()).isNotNull();
                    assertThat(clusters.condition(demo, "Synced").reason()).isEqualTo("Cancelled");
                    assertThat(clusters.condition(demo, "Synced").message())
                            .contains("demo-g3", "until the spec changes");
                });
        release(demo, "jobs");
        server.kubectl("delete", "operation", "demo-g3", "-n", demo.namespace());
        clusters.assertNothingIsWritten(demo);
        assertThat(clusters.set(demo, "other").spec().replicas()).isEqualTo(2);
        assertThat(operations(demo)).hasSize(1);

        edit(demo, "", jobs(3) + ", " + other().replace("2", "6"));
        succeeded(demo, "demo-g4");
        soon(() -> assertThat(clusters.status(demo).heldRevision()).isNull());
        assertThat(clusters.set(demo, "other").spec().replicas()).isEqualTo(6);
    }

    @Test
    void restoresADeletedExPodSetWithoutAnOperation() {
        ObjectKey demo = create("restored");
        edit(demo, "", jobs(2));
        succeeded(demo, "demo-g2");
        String uid = clusters.set(demo, "jobs").metadata().getUid();

        server.kubectl("delete", "expodset", "demo-jobs", "-n", demo.namespace());

        soon(() -> assertThat(clusters.set(demo, "jobs").metadata().getUid()).isNotEqualTo(uid));
        assertThat(operations(demo)).hasSize(1);
    }

    private static String large(String memory) {
        return "{\"name\": \"large\", \"from\": \"worker\", \"resources\": {\"limits\": {\"memory\": \""
                + memory
                + "\"}}}";
    }

    private static String jobs(int replicas) {
        return "{\"name\": \"jobs\", \"staticGroup\": \"worker\", \"replicas\": " + replicas + "}";
    }

    private static String other() {
        return "{\"name\": \"other\", \"staticGroup\": \"worker\", \"replicas\": 2}";
    }

    private ObjectKey create(String namespace) {
        ObjectKey demo = clusters.create(namespace, "pools", "");
        soon(
                () ->
                        assertThat(clusters.status(demo).phase())
                                .isEqualTo(MiddlewareCluster.Phase.RUNNING));
        return demo;
    }

    private void edit(ObjectKey demo, String staticGroups, String dynamicGroups) {
        String used =
                staticGroups.isEmpty() ? dynamicGroups : dynamicGroups.replace("worker", "large");
        kube.of(Kind.MIDDLEWARE_CLUSTER)
                .patch(
                        demo,
                        new Patch.Merge(
                                LiveClusters.json(
                                        "{\"spec\":{\"staticGroups\":["
                                                + staticGroups
                                                + "],\"dynamicGroups\":["
                                                + used
                                                + "]}}")));
    }

    private void control(ObjectKey demo, String operation, String control) {
        kube.of(Kind.OPERATION)
                .patch(
                        new ObjectKey(demo.namespace(), operation),
                        new Patch.Merge(
                                LiveClusters.json("{\"spec\":{\"control\":\"" + control + "\"}}")));
    }

    private Operation succeeded(ObjectKey demo, String name) {
        soon(
                () ->
                        assertThat(operation(demo, name).status().phase())
                                .as("%s", operation(demo, name))
                                .isEqualTo(Phase.SUCCEEDED));
        return operation(demo, name);
    }

    private Operation operation(ObjectKey demo, String name) {
        return kube.of(Kind.OPERATION).get(new ObjectKey(demo.namespace(), name));
    }

    private List<Operation> operations(ObjectKey demo) {
        return kube.of(Kind.OPERATION).list(ListQuery.inNamespace(demo.namespace()));
    }

    private static List<String> stepsOf(Operation operation) {
        return operation.status().steps().stream().map(Operation.Step::name).toList();
    }

    private String names(String kind, String namespace) {
        return server.kubectl("get", kind, "-n", namespace, "-o", "name");
    }

    private void release(ObjectKey demo, String group) {
        ExPodSet set = clusters.set(demo, group);
        held.remove(set.metadata().getName());
        settle(set);
    }

    /// The ExPodSet controller: every set is soon at rest, unless it is held. And the garbage
    /// collector: its Pods are gone at once.
    private void play(Informer.Change<ExPodSet> change) {
        ExPodSet set = change.after();
        if (set == null) {
            return;
        }
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                if (set.metadata().getDeletionTimestamp() != null) {
                                    kube.of(Kind.EXPODSET)
                                            .patch(
                                                    ObjectKey.of(set),
                                                    new Patch.Merge(
                                                            LiveClusters.json(
                                                                    "{\"metadata\":{\"finalizers\":null}}")));
                                } else if (!held.contains(set.metadata().getName())) {
                                    settle(set);
                                }
                            } catch (ApiFailure.NotFound _) {
                                // Gone meanwhile.
                            }
                        });
    }

    private void settle(ExPodSet set) {
        Long generation = set.metadata().getGeneration();
        if (set.status() != null && generation.equals(set.status().observedGeneration())) {
            return;
        }
        int replicas = set.spec().replicas();
        ExPodSet.Status status =
                new ExPodSet.Status(
                        generation,
                        replicas,
                        replicas,
                        replicas,
                        replicas,
                        replicas,
                        "r",
                        "r",
                        "",
                        List.of(),
                        null,
                        List.of());
        kube.of(Kind.EXPODSET)
                .patchStatus(
                        ObjectKey.of(set),
                        new Patch.Merge(
                                LiveClusters.json("{\"status\":" + Json.write(status) + "}")));
    }

    private static void soon(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().untilAsserted(assertion);
    }
}
