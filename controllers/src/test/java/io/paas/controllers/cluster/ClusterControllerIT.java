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
import io.paas.api.v1.Extension;
import io.paas.api.v1.ExtensionCatalog;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.Operation;
import io.paas.api.v1.OperationOutcome;
import io.paas.api.v1.ProcessState;
import io.paas.controllers.extension.ExtensionControllers;
import io.paas.controllers.extension.Packages;
import io.paas.controllers.runtime.Conditions;
import io.paas.controllers.runtime.ControllerContext;
import io.paas.controllers.runtime.Informers;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.DeleteOptions;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.controller.Controller;
import io.paas.kube.controller.EventRecorder;
import io.paas.kube.metrics.Metrics;
import io.paas.test.support.KubeApiServer;
import io.paas.test.support.KubeApiServerExtension;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/// The controllers of clusters and extensions against a real API server; the ExPodSet controller is
/// played by the test.
@ExtendWith(KubeApiServerExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClusterControllerIT {

    private static final String EXTENSIONS = "middleware-extensions";
    private static final String MANIFEST =
            """
            type: TYPE
            version: 1.0.0
            lifecycleImage: registry.test/lifecycle:1
            middlewareVersions:
            - {version: "7.0", images: {store: "registry.test/store:7.0"}}
            roles: [primary, replica]
            topologies:
            - name: cluster
              groups:
              - {name: nodes, staticGroup: node, unit: {name: leader, minimum: 3, maximum: 9, default: 3}}
            staticGroups:
            - name: node
              process: {name: store, argv: [/run/start], stop: [{signal: TERM, timeoutSeconds: 30}]}
              ports: [{name: store, port: 6379}]
              volumeClaims: [{name: data, mountPath: /data, defaultSize: 1Gi}]
            endpoints: [{name: store, group: nodes, port: store}]
            hooks: {postScaleOut: {retries: 10}}
            """;
    private static final String POD =
            "spec: {containers: [{name: main, image: \"${image.store}\"}]}";

    private final KubeApiServer server;
    private final KubeClient kube;
    private final Metrics written = new Metrics();
    private final List<Controller> controllers = new ArrayList<>();
    private Informers informers;

    ClusterControllerIT(KubeApiServer server) {
        this.server = server;
        this.kube =
                KubeClient.withToken(
                        server.url(), server.adminToken(), server.ca(), "it", new Metrics());
    }

    @BeforeAll
    void startControllers() throws Exception {
        server.kubectl("apply", "-f", Path.of("../apiservice-manifests/crds").toString());
        server.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
        if (kube.of(BuiltIn.NAMESPACES).find(new ObjectKey("", EXTENSIONS)).isEmpty()) {
            server.kubectl("create", "namespace", EXTENSIONS);
        }
        KubeClient own =
                KubeClient.withToken(
                        server.url(),
                        server.adminToken(),
                        server.ca(),
                        "middleware-controllers",
                        written);
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
        controllers.add(ClusterController.create(context, packages, 2));
        informers.start();
        assertThat(informers.awaitSync(Duration.ofSeconds(60))).isTrue();
        controllers.forEach(Controller::start);
    }

    /// What one of them is in the way of is tried again for ever, and would count in the next test.
    @AfterEach
    void deleteClusters() throws Exception {
        server.kubectl("delete", "middlewareclusters", "--all", "--all-namespaces");
    }

    @AfterAll
    void stopControllers() throws Exception {
        for (Controller controller : controllers) {
            controller.drain(Duration.ofSeconds(5));
        }
        informers.close();
    }

    @Test
    void runsAClusterFromItsSpecToItsStop() throws Exception {
        publish("store", true, POD);
        ObjectKey demo = create("store", "");

        soon(
                () -> {
                    assertThat(status(demo).phase()).isEqualTo(MiddlewareCluster.Phase.CREATING);
                    assertThat(status(demo).ready()).isEqualTo("0/3");
                    assertThat(status(demo).targetRevision()).startsWith("demo-");
                });
        for (String object :
                List.of(
                        "service/demo",
                        "service/demo-primary",
                        "service/demo-replicas",
                        "service/demo-nodes",
                        "configmap/demo-nodes",
                        "poddisruptionbudget/demo-nodes",
                        "serviceaccount/demo-middleware-agent",
                        "rolebinding/demo-middleware-agent",
                        "controllerrevision/" + status(demo).targetRevision(),
                        "expodset/demo-nodes")) {
            server.kubectl("get", object, "-n", demo.namespace());
        }

        allPodsAreReady(demo);
        soon(() -> assertThat(status(demo).phase()).isEqualTo(MiddlewareCluster.Phase.RUNNING));
        assertThat(status(demo).connection().host()).isEqualTo("demo.store.svc");

        assertNothingIsWritten(demo);

        patch(
                demo,
                "{\"spec\":{\"dynamicGroups\":[{\"name\":\"nodes\",\"processState\":\"Stopped\"}]}}");
        ObjectKey stop = new ObjectKey(demo.namespace(), "demo-g2");
        soon(
                () -> {
                    assertThat(kube.of(Kind.OPERATION).get(stop).spec().type())
                            .isEqualTo(Operation.Type.STOP);
                    assertThat(expodset(demo).spec().processState())
                            .isEqualTo(ProcessState.STOPPED);
                    assertThat(status(demo).operation().name()).isEqualTo("demo-g2");
                    assertThat(status(demo).observedGeneration()).isEqualTo(2);
                });
        assertThat(kube.of(Kind.OPERATION).list(ListQuery.inNamespace(demo.namespace())))
                .hasSize(1);

        patch(demo, "{\"spec\":{\"dynamicGroups\":[{\"name\":\"nodes\",\"replicas\":2}]}}");
        soon(
                () -> {
                    assertThat(condition(demo, "Stalled").isTrue()).isTrue();
                    assertThat(status(demo).observedGeneration()).isEqualTo(3);
                });
        assertThat(expodset(demo).spec().replicas()).isEqualTo(3);

        server.kubectl("delete", "service", "demo-primary", "-n", demo.namespace());
        soon(() -> server.kubectl("get", "service", "demo-primary", "-n", demo.namespace()));
    }

    @Test
    void stopsNothingByAnOperationThatIsNotItsOwn() {
        publish("taken", true, POD);
        ObjectKey demo = create("taken", "");
        soon(() -> assertThat(expodset(demo).spec().replicas()).isEqualTo(3));
        ObjectKey name = new ObjectKey(demo.namespace(), "demo-g2");
        kube.of(Kind.OPERATION)
                .create(
                        name.namespace(),
                        json(
                                "{\"metadata\":{\"name\":\"demo-g2\"},"
                                        + "\"spec\":{\"type\":\"Restart\",\"cluster\":\"demo\"}}"));

        patch(
                demo,
                "{\"spec\":{\"dynamicGroups\":[{\"name\":\"nodes\",\"processState\":\"Stopped\"}]}}");

        soon(
                () -> {
                    assertThat(condition(demo, "Stalled").reason()).isEqualTo("NameTaken");
                    assertThat(condition(demo, "Stalled").message())
                            .startsWith("Operation taken/demo-g2 is not this cluster's");
                    assertThat(status(demo).observedGeneration()).isEqualTo(2);
                });
        assertThat(expodset(demo).spec().processState()).isEqualTo(ProcessState.RUNNING);
    }

    @Test
    void leavesAnOvertakenVerbsOperationCancelled() {
        publish("overtaken", true, POD);
        ObjectKey demo = create("overtaken", "");
        soon(() -> assertThat(expodset(demo).spec().replicas()).isEqualTo(3));
        patch(
                demo,
                """
                {"metadata": {"annotations": {"middleware.paas.io/request":
                    "{\\"verb\\": \\"Stop\\", \\"generation\\": 1, \\"user\\": \\"jane\\",
                      \\"requestID\\": \\"s1\\", \\"body\\": {\\"groups\\": [\\"nodes\\"]}}"}},
                 "spec": {"dynamicGroups": [{"name": "nodes", "replicas": 5}]}}""");
        soon(() -> assertThat(status(demo).observedGeneration()).isEqualTo(2));
        ObjectKey left = new ObjectKey(demo.namespace(), "demo-g1");
        assertThat(kube.of(Kind.OPERATION).find(left)).isEmpty();

        soon(
                () -> {
                    if (kube.of(Kind.OPERATION).find(left).isEmpty()) {
                        // As if nobody had looked at the verb's change nor at the edit behind it.
                        patchStatus(demo, "{\"status\":{\"observedGeneration\":0}}");
                    }
                    Operation operation = kube.of(Kind.OPERATION).get(left);
                    assertThat(operation.spec().type()).isEqualTo(Operation.Type.STOP);
                    assertThat(operation.spec().parameters().groups()).containsExactly("nodes");
                    assertThat(operation.spec().requestedBy().requestID()).isEqualTo("s1");
                    OperationOutcome outcome = OperationOutcome.of(operation);
                    assertThat(outcome.phase()).isEqualTo(Operation.Phase.CANCELLED);
                    assertThat(outcome.reason()).isEqualTo("Superseded");
                    assertThat(status(demo).observedGeneration()).isEqualTo(2);
                });
        assertThat(
                        kube.of(Kind.OPERATION)
                                .get(new ObjectKey(demo.namespace(), "demo-g2"))
                                .spec()
                                .transition()
                                .changes())
                .extracting(Operation.Change::summary)
                .containsExactly("scale group nodes: 3 -> 5 Pods");
        assertThat(expodset(demo).spec().replicas()).as("nobody began it").isEqualTo(3);
        assertThat(expodset(demo).spec().processState()).isEqualTo(ProcessState.RUNNING);
    }

    @Test
    void looksAgainWhenAStrangersObjectIsInTheWay() {
        publish("stranger", true, POD);
        server.kubectl("create", "namespace", "stranger");
        server.kubectl(
                "create", "service", "clusterip", "demo-primary", "--tcp=1", "-n", "stranger");
        ObjectKey demo = create("stranger", "");
        soon(() -> assertThat(condition(demo, "Stalled").reason()).isEqualTo("NameTaken"));

        server.kubectl("delete", "service", "demo-primary", "-n", "stranger");

        soon(() -> assertThat(expodset(demo).spec().replicas()).isEqualTo(3));
    }

    @Test
    void saysWhatTheServerRefusesAndTriesAgain() {
        publish("quota", true, POD);
        server.kubectl("create", "namespace", "quota");
        server.kubectl("create", "quota", "none", "--hard=services=0", "-n", "quota");
        // The part of the quota controller.
        server.kubectl(
                "patch",
                "quota",
                "none",
                "-n",
                "quota",
                "--subresource=status",
                "--type=merge",
                "-p",
                "{\"status\":{\"hard\":{\"services\":\"0\"},\"used\":{\"services\":\"0\"}}}");
        ObjectKey demo = create("quota", "");
        soon(
                () -> {
                    assertThat(condition(demo, "Stalled").reason()).isEqualTo("ApplyFailed");
                    assertThat(condition(demo, "Stalled").message()).contains("quota");
                });

        server.kubectl("delete", "quota", "none", "-n", "quota");

        soon(() -> assertThat(expodset(demo).spec().replicas()).isEqualTo(3));
        soon(() -> assertThat(condition(demo, "Stalled").isTrue()).isFalse());
    }

    @Test
    void saysWhatIsWrongWithAPackage() {
        publish("broken", true, POD.replace("spec: {", "spec: {hostNetwork: true, "));
        publish("mutable", false, POD);

        soon(
                () -> {
                    Condition broken = condition(extension("broken"), "Valid");
                    assertThat(broken.status()).isEqualTo("False");
                    assertThat(broken.message()).contains("pod.node.yaml line 1: spec.hostNetwork");
                    assertThat(condition(extension("mutable"), "Valid").reason())
                            .isEqualTo("NotImmutable");
                });
        assertThat(catalog()).doesNotContain("broken", "mutable");
    }

    @Test
    void keepsTheFirstContentOfAVersion() {
        publish("kept", true, POD);
        soon(() -> assertThat(catalog()).contains("kept"));
        ObjectKey demo = create("kept", "");
        soon(() -> assertThat(extension("kept").status().clusters()).isEqualTo(1));
        assertThat(extension("kept").metadata().getFinalizers()).isNotEmpty();

        kube.of(BuiltIn.CONFIG_MAPS)
                .delete(new ObjectKey(EXTENSIONS, "kept-1.0.0"), DeleteOptions.PLAIN);
        soon(
                () -> {
                    assertThat(condition(extension("kept"), "SourceGone").isTrue()).isTrue();
                    assertThat(catalog()).doesNotContain("kept");
                });

        publish("kept", true, POD + "\n# other");
        soon(
                () -> {
                    assertThat(condition(extension("kept"), "DigestChanged").isTrue()).isTrue();
                    assertThat(condition(extension("kept"), "SourceGone").isTrue()).isFalse();
                    assertThat(extension("kept").spec().content())
                            .containsEntry("pod.node.yaml", POD);
                });
        soon(() -> assertThat(status(demo).phase()).isEqualTo(MiddlewareCluster.Phase.CREATING));
    }

    @Test
    void waitsForWhatIsMissing() {
        ObjectKey demo = create("later", ",\"authSecretRef\":{\"name\":\"password\"}");
        soon(
                () -> {
                    assertThat(status(demo).phase()).isEqualTo(MiddlewareCluster.Phase.PENDING);
                    assertThat(condition(demo, "Stalled").message())
                            .contains("Extension later-1.0.0 is not installed");
                });

        publish("later", true, POD);
        soon(
                () ->
                        assertThat(condition(demo, "Stalled").message())
                                .contains("kubectl create secret generic password"));

        server.kubectl(
                "create",
                "secret",
                "generic",
                "password",
                "--from-literal=password=x",
                "-n",
                demo.namespace());
        soon(() -> assertThat(expodset(demo).spec().replicas()).isEqualTo(3));
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
        return written.text()
                .lines()
                .filter(line -> line.startsWith("rest_client_requests_total"))
                .filter(line -> !line.contains("GET"))
                .sorted()
                .toList();
    }

    private void publish(String type, boolean immutable, String pod) {
        kube.of(BuiltIn.CONFIG_MAPS)
                .create(
                        new V1ConfigMap()
                                .metadata(
                                        new V1ObjectMeta()
                                                .namespace(EXTENSIONS)
                                                .name(type + "-1.0.0")
                                                .labels(
                                                        Map.of(
                                                                Labels.EXTENSION,
                                                                type,
                                                                Labels.EXTENSION_VERSION,
                                                                "1.0.0")))
                                .immutable(immutable)
                                .data(
                                        Map.of(
                                                "extension.yaml",
                                                MANIFEST.replace("TYPE", type),
                                                "pod.node.yaml",
                                                pod)));
    }

    private ObjectKey create(String type, String more) {
        if (kube.of(BuiltIn.NAMESPACES).find(new ObjectKey("", type)).isEmpty()) {
            server.kubectl("create", "namespace", type);
        }
        kube.of(Kind.MIDDLEWARE_CLUSTER)
                .create(
                        type,
                        json(
                                "{\"metadata\":{\"name\":\"demo\",\"namespace\":\""
                                        + type
                                        + "\"},\"spec\":{\"type\":\""
                                        + type
                                        + "\",\"extensionVersion\":\"1.0.0\",\"version\":\"7.0\","
                                        + "\"topology\":\"cluster\""
                                        + more
                                        + "}}"));
        return new ObjectKey(type, "demo");
    }

    /// What the ExPodSet controller would say.
    private void allPodsAreReady(ObjectKey demo) {
        ExPodSet set = expodset(demo);
        Condition joined =
                new Conditions(List.of(), 1, Clock.systemUTC().instant())
                        .isTrue("Joined", "Joined", "all have joined");
        ExPodSet.Status status =
                new ExPodSet.Status(
                        set.metadata().getGeneration(),
                        3,
                        3,
                        3,
                        3,
                        3,
                        "r",
                        "r",
                        "",
                        List.of(),
                        null,
                        List.of(joined));
        kube.of(Kind.EXPODSET)
                .patchStatus(
                        new ObjectKey(demo.namespace(), "demo-nodes"),
                        new Patch.Merge(json("{\"status\":" + Json.write(status) + "}")));
    }

    private void patch(ObjectKey demo, String patch) {
        kube.of(Kind.MIDDLEWARE_CLUSTER).patch(demo, new Patch.Merge(json(patch)));
    }

    private void patchStatus(ObjectKey demo, String patch) {
        kube.of(Kind.MIDDLEWARE_CLUSTER).patchStatus(demo, new Patch.Merge(json(patch)));
    }

    private MiddlewareCluster.Status status(ObjectKey demo) {
        MiddlewareCluster.Status status = kube.of(Kind.MIDDLEWARE_CLUSTER).get(demo).status();
        assertThat(status).isNotNull();
        return status;
    }

    private ExPodSet expodset(ObjectKey demo) {
        return kube.of(Kind.EXPODSET).get(new ObjectKey(demo.namespace(), "demo-nodes"));
    }

    private Extension extension(String type) {
        return kube.of(Kind.EXTENSION).get(new ObjectKey("", type + "-1.0.0"));
    }

    private Set<String> catalog() {
        return kube.of(Kind.EXTENSION_CATALOG)
                .find(new ObjectKey("", ExtensionCatalog.NAME))
                .map(catalog -> catalog.types().keySet())
                .orElse(Set.of());
    }

    private Condition condition(ObjectKey demo, String type) {
        return Conditions.find(status(demo).conditions(), type).orElseThrow();
    }

    private static Condition condition(Extension extension, String type) {
        assertThat(extension.status()).isNotNull();
        return Conditions.find(extension.status().conditions(), type).orElseThrow();
    }

    private static void soon(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(assertion);
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
