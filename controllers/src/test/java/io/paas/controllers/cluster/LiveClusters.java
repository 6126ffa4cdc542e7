package io.paas.controllers.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.paas.agent.AgentClient;
import io.paas.api.meta.Labels;
import io.paas.api.v1.Condition;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.controllers.extension.ExtensionControllers;
import io.paas.controllers.extension.Packages;
import io.paas.controllers.runtime.Conditions;
import io.paas.controllers.runtime.ControllerContext;
import io.paas.controllers.runtime.Informers;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.controller.Controller;
import io.paas.kube.controller.EventRecorder;
import io.paas.kube.metrics.Metrics;
import io.paas.test.support.KubeApiServer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;

/// The controllers of extensions and others on a real API server, and clusters named `demo` as it
/// has them. ExPodSets have no controller here.
public final class LiveClusters {

    public static final String EXTENSIONS = "middleware-extensions";

    public final KubeClient kube;
    private final KubeApiServer server;
    private final Metrics requests = new Metrics();
    private final List<Controller> controllers = new ArrayList<>();
    private Informers informers;

    private LiveClusters(KubeApiServer server) {
        this.server = server;
        this.kube = client("it", new Metrics());
    }

    /// With the kinds and the namespace of packages; no controller runs yet.
    public static LiveClusters on(KubeApiServer server) {
        LiveClusters clusters = new LiveClusters(server);
        server.kubectl("apply", "-f", Path.of("../apiservice-manifests/crds").toString());
        server.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
        clusters.ensureNamespace(EXTENSIONS);
        return clusters;
    }

    /// Starts them, and waits for their caches.
    ///
    /// @param more controllers beside that of extensions
    public void start(BiFunction<ControllerContext, Packages, List<Controller>> more)
            throws InterruptedException {
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
        controllers.addAll(more.apply(context, packages));
        informers.start();
        assertThat(informers.awaitSync(Duration.ofSeconds(60))).isTrue();
        controllers.forEach(Controller::start);
    }

    public void stop() throws InterruptedException {
        for (Controller controller : controllers) {
            controller.drain(Duration.ofSeconds(5));
        }
        controllers.clear();
        informers.close();
    }

    public void ensureNamespace(String name) {
        if (kube.of(BuiltIn.NAMESPACES).find(new ObjectKey("", name)).isEmpty()) {
            server.kubectl("create", "namespace", name);
        }
    }

    /// Version 1.0.0 of a package.
    public void publish(String type, boolean immutable, Map<String, String> content) {
        Map<String, String> labels =
                Map.of(Labels.EXTENSION, type, Labels.EXTENSION_VERSION, "1.0.0");
        kube.of(BuiltIn.CONFIG_MAPS)
                .create(
                        new V1ConfigMap()
                                .metadata(
                                        new V1ObjectMeta()
                                                .namespace(EXTENSIONS)
                                                .name(type + "-1.0.0")
                                                .labels(labels))
                                .immutable(immutable)
                                .data(content));
    }

    /// A cluster, in a namespace that is made if need be.
    ///
    /// @param more further fields of the spec, each after a comma
    public ObjectKey create(String namespace, String type, String more) {
        ensureNamespace(namespace);
        kube.of(Kind.MIDDLEWARE_CLUSTER)
                .create(
                        namespace,
                        json(
                                """
                                {"metadata": {"name": "demo"},
                                 "spec": {"type": "%s", "extensionVersion": "1.0.0",
                                          "version": "7.0", "topology": "cluster"%s}}
                                """
                                        .formatted(type, more)));
        return new ObjectKey(namespace, "demo");
    }

    public void patch(ObjectKey demo, String patch) {
        kube.of(Kind.MIDDLEWARE_CLUSTER).patch(demo, new Patch.Merge(json(patch)));
    }

    /// What one of them is in the way of is tried again for ever, and would count in the next test.
    public void deleteAll() {
        server.kubectl("delete", "middlewareclusters", "--all", "--all-namespaces");
    }

    public MiddlewareCluster.Status status(ObjectKey demo) {
        return Objects.requireNonNull(kube.of(Kind.MIDDLEWARE_CLUSTER).get(demo).status());
    }

    public Condition condition(ObjectKey demo, String type) {
        return Conditions.find(status(demo).conditions(), type).orElseThrow();
    }

    public ExPodSet set(ObjectKey demo, String group) {
        return kube.of(Kind.EXPODSET).get(new ObjectKey(demo.namespace(), "demo-" + group));
    }

    /// After an edit that means nothing to the controllers, and long after the last event.
    public void assertNothingIsWritten(ObjectKey demo) throws InterruptedException {
        Thread.sleep(1500);
        List<String> before = writes();
        server.kubectl(
                "label", "middlewarecluster", demo.name(), "-n", demo.namespace(), "seen=yes");
        Thread.sleep(1500);
        assertThat(writes()).isEqualTo(before);
    }

    public static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }

    private KubeClient client(String name, Metrics metrics) {
        return KubeClient.withToken(server.url(), server.adminToken(), server.ca(), name, metrics);
    }

    private List<String> writes() {
        return requests.text()
                .lines()
                .filter(line -> line.startsWith("rest_client_requests_total"))
                .filter(line -> !line.contains("GET"))
                .sorted()
                .toList();
    }

    private static final class NoEvents implements EventRecorder {
        @Override
        public void normal(KubernetesObject regarding, String action, String reason, String note) {}

        @Override
        public void warning(
                KubernetesObject regarding, String action, String reason, String note) {}
    }
}
