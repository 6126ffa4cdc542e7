package io.paas.controllers.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.paas.agent.AgentClient;
import io.paas.api.json.Json;
import io.paas.api.meta.Labels;
import io.paas.api.v1.Condition;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.Operation;
import io.paas.api.v1.Operation.Phase;
import io.paas.api.v1.OperationOutcome;
import io.paas.controllers.extension.ExtensionControllers;
import io.paas.controllers.extension.Packages;
import io.paas.controllers.operation.OperationController;
import io.paas.controllers.runtime.Conditions;
import io.paas.controllers.runtime.ControllerContext;
import io.paas.controllers.runtime.Informers;
import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.controller.Controller;
import io.paas.kube.controller.EventRecorder;
import io.paas.kube.informer.Informer;
import io.paas.kube.metrics.Metrics;
import io.paas.test.support.KubeApiServer;
import io.paas.test.support.KubeApiServerExtension;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    private static final String EXTENSIONS = "middleware-extensions";
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
    private final Metrics requests = new Metrics();
    private final List<Controller> controllers = new ArrayList<>();
    private final Set<String> held = ConcurrentHashMap.newKeySet();
    private Informers informers;
    private Informer<ExPodSet> sets;

    GroupChangeIT(KubeApiServer server) {
        this.server = server;
        this.kube = client("it", new Metrics());
    }

    private KubeClient client(String name, Metrics metrics) {
        return KubeClient.withToken(server.url(), server.adminToken(), server.ca(), name, metrics);
    }

    @BeforeAll
    void publish() throws Exception {
        server.kubectl("apply", "-f", Path.of("../apiservice-manifests/crds").toString());
        server.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
        if (kube.of(BuiltIn.NAMESPACES).find(new ObjectKey("", EXTENSIONS)).isEmpty()) {
            server.kubectl("create", "namespace", EXTENSIONS);
        }
        kube.of(BuiltIn.CONFIG_MAPS)
                .create(
                        new V1ConfigMap()
                                .metadata(
                                        new V1ObjectMeta()
                                                .namespace(EXTENSIONS)
                                                .name("pools-1.0.0")
                                                .labels(
                                                        Map.of(
                                                                Labels.EXTENSION,
                                                                "pools",
                                                                Labels.EXTENSION_VERSION,
                                                                "1.0.0")))
                                .immutable(true)
                                .data(
                                        Map.of(
                                                "extension.yaml",
                                                MANIFEST,
                                                "pod.node.yaml",
                                                POD,
                                                "pod.worker.yaml",
                                                POD)));
        sets = new Informer<>(kube.of(Kind.EXPODSET), ListQuery.ALL).onChange(this::play).start();
        startControllers();
    }

    private void startControllers() throws Exception {
        KubeClient own = client("middleware-controllers", requests);
        informers = new Informers(own);
        ControllerContext context =
                new ControllerContext(
                        own,
                        informers,
                        new NoEvents(),
                        new AgentClient((_, _, _, _) -> ""),
                        new Metrics(),
                        Clock.systemUTC());
        Packages packages = new Packages();
        controllers.addAll(ExtensionControllers.create(context, packages));
        controllers.add(ClusterController.create(context, packages, 1));
        controllers.add(OperationController.create(context, 1));
        informers.start();
        assertThat(informers.awaitSync(Duration.ofSeconds(60))).isTrue();
        controllers.forEach(Controller::start);
    }

    private void stopControllers() throws Exception {
        for (Controller controller : controllers) {
            controller.drain(Duration.ofSeconds(5));
        }
        controllers.clear();
        informers.close();
    }

    @AfterEach
    void deleteClusters() {
        held.clear();
        server.kubectl("delete", "middlewareclusters", "--all", "--all-namespaces");
    }

    @AfterAll
    void stop() throws Exception {
        stopControllers();
        sets.close();
    }

    @Test
    void addsScalesChangesAndRemovesAGroup() throws Exception {
        ObjectKey demo = create("groups");
        assertThat(operations(demo)).as("of the first creation").isEmpty();
        long nodes = set(demo, "nodes").metadata().getGeneration();

        edit(demo, large("1Gi"), jobs(2));
        Operation added = succeeded(demo, "demo-g2");
        assertThat(added.spec().type()).isEqualTo(Operation.Type.TOPOLOGY_CHANGE);
        assertThat(stepsOf(added)).containsExactly("Define-large", "Add-jobs");
        assertThat(set(demo, "jobs").spec().replicas()).isEqualTo(2);
        server.kubectl("get", "service/demo-jobs", "configmap/demo-jobs", "-n", "groups");

        edit(demo, large("1Gi"), jobs(3));
        assertThat(stepsOf(succeeded(demo, "demo-g3"))).containsExactly("Scale-jobs");
        edit(demo, large("1Gi"), jobs(1));
        assertThat(stepsOf(succeeded(demo, "demo-g4"))).containsExactly("Scale-jobs");
        assertThat(set(demo, "jobs").spec().replicas()).isEqualTo(1);

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
                    assertThat(status(demo).groups())
                            .extracting(MiddlewareCluster.GroupStatus::name)
                            .containsExactly("nodes");
                    assertThat(condition(demo, "Synced").isTrue()).isTrue();
                    assertThat(status(demo).currentRevision())
                            .isEqualTo(status(demo).targetRevision());
                });
        assertThat(set(demo, "nodes").metadata().getGeneration())
                .as("the first group's ExPodSet was never changed")
                .isEqualTo(nodes);
        assertThat(operations(demo)).hasSize(5);
        assertNothingIsWritten(demo);
    }

    @Test
    void anotherControllerGoesOnWhereOneWasKilled() throws Exception {
        ObjectKey demo = create("killed");
        held.add("demo-jobs");
        edit(demo, "", jobs(2));
        soon(() -> assertThat(operation(demo, "demo-g2").status().message()).contains("Add-jobs"));
        soon(() -> assertThat(set(demo, "jobs").spec().replicas()).isEqualTo(2));

        stopControllers();
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
        soon(() -> assertThat(set(demo, "jobs").spec().replicas()).isEqualTo(2));

        edit(demo, large("1Gi"), jobs(4));

        soon(
                () -> {
                    Operation first = operation(demo, "demo-g2");
                    assertThat(first.status().phase()).isEqualTo(Phase.CANCELLED);
                    assertThat(OperationOutcome.of(first).reason()).isEqualTo("Superseded");
                    assertThat(set(demo, "jobs").spec().replicas()).isEqualTo(4);
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
        soon(() -> assertThat(set(demo, "jobs").spec().replicas()).isEqualTo(2));
        control(demo, "demo-g2", "Pause");

        edit(demo, "", jobs(4));
        soon(() -> assertThat(status(demo).observedGeneration()).isEqualTo(3));
        assertThat(set(demo, "jobs").spec().replicas()).isEqualTo(2);
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
        assertThat(set(demo, "jobs").spec().replicas()).isEqualTo(4);
    }

    @Test
    void whatWasCancelledIsNotTriedAgainUntilTheSpecChanges() throws Exception {
        ObjectKey demo = create("cancelled-groups");
        edit(demo, "", jobs(2) + ", " + other());
        succeeded(demo, "demo-g2");
        held.add("demo-jobs");
        edit(demo, "", jobs(3) + ", " + other().replace("2", "5"));
        soon(() -> assertThat(set(demo, "jobs").spec().replicas()).isEqualTo(3));

        control(demo, "demo-g3", "Cancel");

        soon(
                () -> {
                    assertThat(operation(demo, "demo-g3").status().phase())
                            .isEqualTo(Phase.CANCELLED);
                    assertThat(status(demo).heldRevision()).isNotNull();
                    assertThat(condition(demo, "Synced").reason()).isEqualTo("Cancelled");
                    assertThat(condition(demo, "Synced").message())
                            .contains("demo-g3", "until the spec changes");
                });
        release(demo, "jobs");
        server.kubectl("delete", "operation", "demo-g3", "-n", demo.namespace());
        assertNothingIsWritten(demo);
        assertThat(set(demo, "other").spec().replicas()).isEqualTo(2);
        assertThat(operations(demo)).hasSize(1);

        edit(demo, "", jobs(3) + ", " + other().replace("2", "6"));
        succeeded(demo, "demo-g4");
        soon(() -> assertThat(status(demo).heldRevision()).isNull());
        assertThat(set(demo, "other").spec().replicas()).isEqualTo(6);
    }

    @Test
    void restoresADeletedExPodSetWithoutAnOperation() {
        ObjectKey demo = create("restored");
        edit(demo, "", jobs(2));
        succeeded(demo, "demo-g2");
        String uid = set(demo, "jobs").metadata().getUid();

        server.kubectl("delete", "expodset", "demo-jobs", "-n", demo.namespace());

        soon(() -> assertThat(set(demo, "jobs").metadata().getUid()).isNotEqualTo(uid));
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
        server.kubectl("create", "namespace", namespace);
        ObjectKey demo = new ObjectKey(namespace, "demo");
        kube.of(Kind.MIDDLEWARE_CLUSTER)
                .create(
                        namespace,
                        json(
                                "{\"metadata\":{\"name\":\"demo\",\"namespace\":\""
                                        + namespace
                                        + "\"},\"spec\":{\"type\":\"pools\",\"extensionVersion\":"
                                        + "\"1.0.0\",\"version\":\"7.0\",\"topology\":\"cluster\"}}"));
        soon(() -> assertThat(status(demo).phase()).isEqualTo(MiddlewareCluster.Phase.RUNNING));
        return demo;
    }

    private void edit(ObjectKey demo, String staticGroups, String dynamicGroups) {
        String used =
                staticGroups.isEmpty() ? dynamicGroups : dynamicGroups.replace("worker", "large");
        kube.of(Kind.MIDDLEWARE_CLUSTER)
                .patch(
                        demo,
                        new Patch.Merge(
                                json(
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
                        new Patch.Merge(json("{\"spec\":{\"control\":\"" + control + "\"}}")));
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

    private ExPodSet set(ObjectKey demo, String group) {
        return kube.of(Kind.EXPODSET).get(new ObjectKey(demo.namespace(), "demo-" + group));
    }

    private MiddlewareCluster.Status status(ObjectKey demo) {
        return Objects.requireNonNull(kube.of(Kind.MIDDLEWARE_CLUSTER).get(demo).status());
    }

    private Condition condition(ObjectKey demo, String type) {
        return Conditions.find(status(demo).conditions(), type).orElseThrow();
    }

    private String names(String kind, String namespace) {
        return server.kubectl("get", kind, "-n", namespace, "-o", "name");
    }

    private void release(ObjectKey demo, String group) {
        ExPodSet set = set(demo, group);
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
                                                            json(
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
                        new Patch.Merge(json("{\"status\":" + Json.write(status) + "}")));
    }

    /// After an edit that means nothing to the controllers, and long after the last event.
    private void assertNothingIsWritten(ObjectKey demo) throws InterruptedException {
        Thread.sleep(1500);
        List<String> before = writes();
        server.kubectl(
                "label", "middlewarecluster", demo.name(), "-n", demo.namespace(), "seen=yes");
        Thread.sleep(1500);
        assertThat(writes()).isEqualTo(before);
    }

    private List<String> writes() {
        return requests.text()
                .lines()
                .filter(line -> line.startsWith("rest_client_requests_total"))
                .filter(line -> !line.contains("GET"))
                .sorted()
                .toList();
    }

    private static void soon(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().untilAsserted(assertion);
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }

    private static final class NoEvents implements EventRecorder {
        @Override
        public void normal(KubernetesObject regarding, String action, String reason, String note) {}

        @Override
        public void warning(
                KubernetesObject regarding, String action, String reason, String note) {}
    }
}
