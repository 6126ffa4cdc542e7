package io.paas.controllers.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.paas.api.v1.Condition;
import io.paas.api.v1.Extension;
import io.paas.api.v1.ExtensionCatalog;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.controllers.cluster.ClusterController;
import io.paas.controllers.cluster.LiveClusters;
import io.paas.controllers.runtime.Conditions;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.DeleteOptions;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ObjectKey;
import io.paas.test.support.KubeApiServer;
import io.paas.test.support.KubeApiServerExtension;
import java.time.Duration;
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

/// Packages become Extensions against a real API server.
@ExtendWith(KubeApiServerExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExtensionControllerIT {

    private static final String MANIFEST =
            """
            type: TYPE
            version: 1.0.0
            lifecycleImage: registry.test/lifecycle:1
            middlewareVersions: [{version: "7.0", images: {store: "registry.test/store:7.0"}}]
            topologies:
            - name: cluster
              groups: [{name: nodes, staticGroup: node}]
            staticGroups:
            - name: node
              process: {name: store, argv: [/run/start], stop: [{signal: TERM, timeoutSeconds: 30}]}
            """;
    private static final String POD =
            "spec: {containers: [{name: main, image: \"${image.store}\"}]}";

    private final KubeClient kube;
    private final LiveClusters clusters;

    ExtensionControllerIT(KubeApiServer server) {
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
        ObjectKey demo = clusters.create("kept", "kept", "");
        soon(() -> assertThat(extension("kept").status().clusters()).isEqualTo(1));
        assertThat(extension("kept").metadata().getFinalizers()).isNotEmpty();

        kube.of(BuiltIn.CONFIG_MAPS)
                .delete(new ObjectKey(LiveClusters.EXTENSIONS, "kept-1.0.0"), DeleteOptions.PLAIN);
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
        soon(
                () ->
                        assertThat(clusters.status(demo).phase())
                                .isEqualTo(MiddlewareCluster.Phase.CREATING));
    }

    private void publish(String type, boolean immutable, String pod) {
        clusters.publish(
                type,
                immutable,
                Map.of("extension.yaml", MANIFEST.replace("TYPE", type), "pod.node.yaml", pod));
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

    private static Condition condition(Extension extension, String type) {
        assertThat(extension.status()).isNotNull();
        return Conditions.find(extension.status().conditions(), type).orElseThrow();
    }

    private static void soon(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(assertion);
    }
}
