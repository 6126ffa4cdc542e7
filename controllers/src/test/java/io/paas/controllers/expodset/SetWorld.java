package io.paas.controllers.expodset;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.paas.agent.AgentClient;
import io.paas.api.v1.ExPodSet;
import io.paas.controllers.runtime.ControllerContext;
import io.paas.controllers.runtime.Informers;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.controller.Controller;
import io.paas.kube.controller.KubeEventRecorder;
import io.paas.kube.metrics.Metrics;
import io.paas.test.support.KubeApiServer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/// The ExPodSet controller on a real API server, with a set named `s` in a namespace of its own.
final class SetWorld {

    final KubeClient kube;
    final ResourceClient<ExPodSet> sets;
    final ResourceClient<V1Pod> pods;
    final ObjectKey key;
    final FakeKubelet kubelet;
    private final Informers informers;
    private final Controller controller;

    private SetWorld(KubeApiServer server, LifecycleClient hooks) throws InterruptedException {
        kube = client(server);
        sets = kube.of(PodActionExecutor.SETS);
        pods = kube.of(BuiltIn.PODS);
        key = new ObjectKey(namespace(kube), "s");
        informers = new Informers(kube);
        Clock clock = Clock.systemUTC();
        ControllerContext context =
                new ControllerContext(
                        kube,
                        informers,
                        new KubeEventRecorder(kube.of(BuiltIn.EVENTS), "it", "it", clock),
                        new AgentClient((uid, caller, act, body) -> "unused"),
                        new Metrics(),
                        clock);
        controller = ExPodSetController.create(context, 4, hooks);
        informers.start();
        assertThat(informers.awaitSync(Duration.ofSeconds(60))).isTrue();
        controller.start();
        kubelet = new FakeKubelet(pods, key.namespace());
    }

    static SetWorld start(KubeApiServer server) throws InterruptedException {
        return start(server, (_, _, _, _, _) -> new LifecycleClient.Outcome.Done());
    }

    /// @param hooks answers what is asked of Pods
    static SetWorld start(KubeApiServer server, LifecycleClient hooks) throws InterruptedException {
        define(server);
        return new SetWorld(server, hooks);
    }

    void reconcileAgain() {
        controller.enqueue(key);
    }

    static void define(KubeApiServer server) {
        Path definition = Path.of("../apiservice-manifests/crds/expodsets.yaml");
        server.kubectl("apply", "--server-side", "-f", definition.toString());
        server.kubectl("wait", "--for=condition=Established", "crd/expodsets.paas.io");
    }

    static KubeClient client(KubeApiServer server) {
        return KubeClient.withToken(
                server.url(), server.adminToken(), server.ca(), "it", new Metrics());
    }

    static String namespace(KubeClient kube) {
        return kube.of(BuiltIn.NAMESPACES)
                .create(new V1Namespace().metadata(new V1ObjectMeta().generateName("expodset-")))
                .getMetadata()
                .getName();
    }

    void create(String spec) {
        sets.create(
                key.namespace(),
                json(
                        """
                        {"metadata": {"name": "s"},
                         "spec": {"serviceName": "svc", "podManagementPolicy": "Parallel",
                           "selector": {"matchLabels": {"app": "s"}}, %s}}"""
                                .formatted(spec)));
    }

    void patchSpec(String spec) {
        sets.patch(key, new Patch.Merge(json("{\"spec\": {" + spec + "}}")));
    }

    ExPodSet.Status status() {
        ExPodSet.Status status = sets.get(key).status();
        assertThat(status).isNotNull();
        return status;
    }

    V1Pod pod(int ordinal) {
        return pods.get(new ObjectKey(key.namespace(), "s-" + ordinal));
    }

    static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }

    void stop() throws InterruptedException {
        kubelet.close();
        controller.drain(Duration.ofSeconds(10));
        informers.close();
    }
}
