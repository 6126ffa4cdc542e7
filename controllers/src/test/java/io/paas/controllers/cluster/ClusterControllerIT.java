package io.paas.controllers.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.paas.api.json.Json;
import io.paas.api.v1.Condition;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.Operation;
import io.paas.api.v1.OperationOutcome;
import io.paas.api.v1.ProcessState;
import io.paas.controllers.runtime.Conditions;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.test.support.KubeApiServer;
import io.paas.test.support.KubeApiServerExtension;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/// The controller of clusters against a real API server; the ExPodSet controller is played by the
/// test.
@ExtendWith(KubeApiServerExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClusterControllerIT {

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
    private final LiveClusters clusters;

    ClusterControllerIT(KubeApiServer server) {
        this.server = server;
        clusters = LiveClusters.on(server);
        kube = clusters.kube;
    }

    @BeforeAll
    void startControllers() throws InterruptedException {
        clusters.start(
                (context, packages) -> List.of(ClusterController.create(context, packages, 2)));
    }

    @AfterEach
    void deleteClusters() {
        clusters.deleteAll();
    }

    @AfterAll
    void stopControllers() throws InterruptedException {
        clusters.stop();
    }

    @Test
    void runsAClusterFromItsSpecToItsStop() throws Exception {
        publish("store");
        ObjectKey demo = clusters.create("store", "store", "");

        soon(
                () -> {
                    assertThat(clusters.status(demo).phase())
                            .isEqualTo(MiddlewareCluster.Phase.CREATING);
                    assertThat(clusters.status(demo).ready()).isEqualTo("0/3");
                    assertThat(clusters.status(demo).targetRevision()).startsWith("demo-");
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
                        "controllerrevision/" + clusters.status(demo).targetRevision(),
                        "expodset/demo-nodes")) {
            server.kubectl("get", object, "-n", demo.namespace());
        }

        allPodsAreReady(demo);
        soon(
                () ->
                        assertThat(clusters.status(demo).phase())
                                .isEqualTo(MiddlewareCluster.Phase.RUNNING));
        assertThat(clusters.status(demo).connection().host()).isEqualTo("demo.store.svc");

        clusters.assertNothingIsWritten(demo);

        clusters.patch(
                demo,
                "{\"spec\":{\"dynamicGroups\":[{\"name\":\"nodes\",\"processState\":\"Stopped\"}]}}");
        ObjectKey stop = new ObjectKey(demo.namespace(), "demo-g2");
        soon(
                () -> {
                    assertThat(kube.of(Kind.OPERATION).get(stop).spec().type())
                            .isEqualTo(Operation.Type.STOP);
                    assertThat(clusters.set(demo, "nodes").spec().processState())
                            .isEqualTo(ProcessState.STOPPED);
                    assertThat(clusters.status(demo).operation().name()).isEqualTo("demo-g2");
                    assertThat(clusters.status(demo).observedGeneration()).isEqualTo(2);
                });
        assertThat(kube.of(Kind.OPERATION).list(ListQuery.inNamespace(demo.namespace())))
                .hasSize(1);

        clusters.patch(
                demo, "{\"spec\":{\"dynamicGroups\":[{\"name\":\"nodes\",\"replicas\":2}]}}");
        soon(
                () -> {
                    assertThat(clusters.condition(demo, "Stalled").isTrue()).isTrue();
                    assertThat(clusters.status(demo).observedGeneration()).isEqualTo(3);
                });
        assertThat(clusters.set(demo, "nodes").spec().replicas()).isEqualTo(3);

        server.kubectl("delete", "service", "demo-primary", "-n", demo.namespace());
        soon(() -> server.kubectl("get", "service", "demo-primary", "-n", demo.namespace()));
    }

    @Test
    void stopsNothingByAnOperationThatIsNotItsOwn() {
        publish("taken");
        ObjectKey demo = clusters.create("taken", "taken", "");
        soon(() -> assertThat(clusters.set(demo, "nodes").spec().replicas()).isEqualTo(3));
        ObjectKey name = new ObjectKey(demo.namespace(), "demo-g2");
        kube.of(Kind.OPERATION)
                .create(
                        name.namespace(),
                        LiveClusters.json(
                                "{\"metadata\":{\"name\":\"demo-g2\"},"
                                        + "\"spec\":{\"type\":\"Restart\",\"cluster\":\"demo\"}}"));

        clusters.patch(
                demo,
                "{\"spec\":{\"dynamicGroups\":[{\"name\":\"nodes\",\"processState\":\"Stopped\"}]}}");

        soon(
                () -> {
                    assertThat(clusters.condition(demo, "Stalled").reason()).isEqualTo("NameTaken");
                    assertThat(clusters.condition(demo, "Stalled").message())
                            .startsWith("Operation taken/demo-g2 is not this cluster's");
                    assertThat(clusters.status(demo).observedGeneration()).isEqualTo(2);
                });
        assertThat(clusters.set(demo, "nodes").spec().processState())
                .isEqualTo(ProcessState.RUNNING);
    }

    @Test
    void leavesAnOvertakenVerbsOperationCancelled() {
        publish("overtaken");
        ObjectKey demo = clusters.create("overtaken", "overtaken", "");
        soon(() -> assertThat(clusters.set(demo, "nodes").spec().replicas()).isEqualTo(3));
        clusters.patch(
                demo,
                """
                {"metadata": {"annotations": {"middleware.paas.io/request":
                    "{\\"verb\\": \\"Stop\\", \\"generation\\": 1, \\"user\\": \\"jane\\",
                      \\"requestID\\": \\"s1\\", \\"body\\": {\\"groups\\": [\\"nodes\\"]}}"}},
                 "spec": {"dynamicGroups": [{"name": "nodes", "replicas": 5}]}}""");
        soon(() -> assertThat(clusters.status(demo).observedGeneration()).isEqualTo(2));
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
                    assertThat(clusters.status(demo).observedGeneration()).isEqualTo(2);
                });
        assertThat(
                        kube.of(Kind.OPERATION)
                                .get(new ObjectKey(demo.namespace(), "demo-g2"))
                                .spec()
                                .transition()
                                .changes())
                .extracting(Operation.Change::summary)
                .containsExactly("scale group nodes: 3 -> 5 Pods; ordinals 3-4 join");
        assertThat(clusters.set(demo, "nodes").spec().replicas())
                .as("nobody began it")
                .isEqualTo(3);
        assertThat(clusters.set(demo, "nodes").spec().processState())
                .isEqualTo(ProcessState.RUNNING);
    }

    @Test
    void looksAgainWhenAStrangersObjectIsInTheWay() {
        publish("stranger");
        server.kubectl("create", "namespace", "stranger");
        server.kubectl(
                "create", "service", "clusterip", "demo-primary", "--tcp=1", "-n", "stranger");
        ObjectKey demo = clusters.create("stranger", "stranger", "");
        soon(() -> assertThat(clusters.condition(demo, "Stalled").reason()).isEqualTo("NameTaken"));

        server.kubectl("delete", "service", "demo-primary", "-n", "stranger");

        soon(() -> assertThat(clusters.set(demo, "nodes").spec().replicas()).isEqualTo(3));
    }

    @Test
    void saysWhatTheServerRefusesAndTriesAgain() {
        publish("quota");
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
        ObjectKey demo = clusters.create("quota", "quota", "");
        soon(
                () -> {
                    assertThat(clusters.condition(demo, "Stalled").reason())
                            .isEqualTo("ApplyFailed");
                    assertThat(clusters.condition(demo, "Stalled").message()).contains("quota");
                });

        server.kubectl("delete", "quota", "none", "-n", "quota");

        soon(() -> assertThat(clusters.set(demo, "nodes").spec().replicas()).isEqualTo(3));
        soon(() -> assertThat(clusters.condition(demo, "Stalled").isTrue()).isFalse());
    }

    @Test
    void waitsForWhatIsMissing() {
        ObjectKey demo =
                clusters.create("later", "later", ",\"authSecretRef\":{\"name\":\"password\"}");
        soon(
                () -> {
                    assertThat(clusters.status(demo).phase())
                            .isEqualTo(MiddlewareCluster.Phase.PENDING);
                    assertThat(clusters.condition(demo, "Stalled").message())
                            .contains("Extension later-1.0.0 is not installed");
                });

        publish("later");
        soon(
                () ->
                        assertThat(clusters.condition(demo, "Stalled").message())
                                .contains("kubectl create secret generic password"));

        server.kubectl(
                "create",
                "secret",
                "generic",
                "password",
                "--from-literal=password=x",
                "-n",
                demo.namespace());
        soon(() -> assertThat(clusters.set(demo, "nodes").spec().replicas()).isEqualTo(3));
    }

    private void publish(String type) {
        clusters.publish(
                type,
                true,
                Map.of("extension.yaml", MANIFEST.replace("TYPE", type), "pod.node.yaml", POD));
    }

    /// What the ExPodSet controller would say.
    private void allPodsAreReady(ObjectKey demo) {
        ExPodSet set = clusters.set(demo, "nodes");
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
                        new Patch.Merge(
                                LiveClusters.json("{\"status\":" + Json.write(status) + "}")));
    }

    private void patchStatus(ObjectKey demo, String patch) {
        kube.of(Kind.MIDDLEWARE_CLUSTER)
                .patchStatus(demo, new Patch.Merge(LiveClusters.json(patch)));
    }

    private static void soon(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(assertion);
    }
}
