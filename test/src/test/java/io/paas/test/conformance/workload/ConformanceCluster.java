package io.paas.test.conformance.workload;

import io.kubernetes.client.openapi.ApiClient;
import io.paas.agent.AgentClient;
import io.paas.controllers.expodset.ExPodSetController;
import io.paas.controllers.runtime.ControllerContext;
import io.paas.controllers.runtime.Informers;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.KubeClient;
import io.paas.kube.controller.Controller;
import io.paas.kube.controller.KubeEventRecorder;
import io.paas.kube.metrics.Metrics;
import io.paas.plan.expodset.ExPodSetPlan;
import io.paas.plan.expodset.ExPodSetPlanner;
import io.paas.plan.expodset.ExPodSetSnapshot;
import io.paas.test.support.KubeApiServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Interceptor;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/// Everything that cases run on: a real control plane, one node without a kubelet, and our ExPodSet
/// controller in this process, which is a mutant in those namespaces that ask for one.
final class ConformanceCluster implements AutoCloseable {

    static final String NODE = "node-0";

    private static final Path CRD = Path.of("../apiservice-manifests/crds/expodsets.yaml");
    private static final Path POLICY =
            Path.of("../apiservice-manifests/policies/expodset-ordinals.yaml");

    // Off by default in 1.36; without it StatefulSet forgets maxUnavailable and controls nothing.
    private static final String GATES = "--feature-gates=MaxUnavailableStatefulSet=true";

    private static final Duration START = Duration.ofSeconds(60);

    private final KubeApiServer server;
    private final KubeApi api;
    private final Map<String, Mutant> mutants = new ConcurrentHashMap<>();
    private @Nullable Kubelet kubelet;
    private @Nullable Controller controller;
    private @Nullable Informers informers;
    private @Nullable KubeEventRecorder events;

    private ConformanceCluster(KubeApiServer server) {
        this.server = server;
        this.api = new KubeApi(server.url(), server.adminToken(), server.ca());
    }

    static ConformanceCluster start() {
        ConformanceCluster cluster = new ConformanceCluster(KubeApiServer.start(GATES));
        try {
            // The garbage collector learns of kinds only when it starts and every 30 s.
            cluster.server.kubectl("apply", "--server-side", "-f", CRD.toString());
            cluster.server.kubectl("wait", "--for=condition=Established", "crd/expodsets.paas.io");
            cluster.server.kubectl("apply", "--server-side", "-f", POLICY.toString());
            cluster.startControllerManager();
            cluster.startNode();
            cluster.startExPodSetController();
            return cluster;
        } catch (RuntimeException | AssertionError e) {
            e.addSuppressed(new IllegalStateException(cluster.server.logTails()));
            cluster.close();
            throw e;
        }
    }

    /// A set in a new namespace.
    ///
    /// @param mutant what our controller is there; null for itself
    Workload workload(WorkloadKind kind, @Nullable Mutant mutant, Patience patience) {
        String namespace =
                api.create(
                                "/api/v1/namespaces",
                                KubeApi.parse("{\"metadata\": {\"generateName\": \"case-\"}}"))
                        .at("/metadata/name")
                        .asText();
        if (mutant != null) {
            mutants.put(namespace, mutant);
        }
        return new Workload(api, kind, namespace, patience);
    }

    String logTails() {
        return server.logTails();
    }

    @Override
    public void close() {
        try {
            if (controller != null) {
                controller.drain(Duration.ofSeconds(10));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (informers != null) {
            informers.close();
        }
        if (events != null) {
            events.close();
        }
        if (kubelet != null) {
            kubelet.close();
        }
        server.close();
    }

    private void startControllerManager() {
        String controllers =
                String.join(
                        ",",
                        "statefulset-controller",
                        "garbage-collector-controller",
                        "persistentvolumeclaim-protection-controller");
        server.run(
                "kube-controller-manager",
                "--kubeconfig=" + server.kubeconfig(),
                "--controllers=" + controllers,
                "--leader-elect=false",
                "--secure-port=0",
                // Its own limits are about load, and would make slow what is not wrong.
                "--kube-api-qps=500",
                "--kube-api-burst=1000",
                GATES);
    }

    private void startNode() {
        api.create("/api/v1/nodes", KubeApi.parse("{\"metadata\": {\"name\": \"" + NODE + "\"}}"));
        kubelet = Kubelet.start(api, NODE);
    }

    private void startExPodSetController() {
        Metrics metrics = new Metrics();
        KubeClient kube =
                KubeClient.withToken(
                        server.url(), server.adminToken(), server.ca(), "conformance", metrics);
        ApiClient client = kube.apiClient();
        client.setHttpClient(
                client.getHttpClient().newBuilder().addInterceptor(this::send).build());
        Clock clock = Clock.systemUTC();
        informers = new Informers(kube);
        events = new KubeEventRecorder(kube.of(BuiltIn.EVENTS), "conformance", "it", clock);
        controller =
                ExPodSetController.create(
                        new ControllerContext(
                                kube,
                                informers,
                                events,
                                new AgentClient((uid, caller, act, body) -> "unused"),
                                metrics,
                                clock),
                        8,
                        this::plan);
        informers.start();
        try {
            if (!informers.awaitSync(START)) {
                throw new IllegalStateException("the ExPodSet controller's caches stay empty");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        controller.start();
    }

    private ExPodSetPlan plan(ExPodSetSnapshot snapshot) {
        Mutant mutant = mutants.get(String.valueOf(snapshot.set().metadata().getNamespace()));
        return mutant == null ? ExPodSetPlanner.plan(snapshot) : mutant.plan(snapshot);
    }

    private Response send(Interceptor.Chain chain) throws IOException {
        List<String> path = chain.request().url().pathSegments();
        int namespaces = path.indexOf("namespaces");
        Mutant mutant =
                namespaces < 0 || namespaces + 1 == path.size()
                        ? null
                        : mutants.get(path.get(namespaces + 1));
        return mutant == null ? chain.proceed(chain.request()) : mutant.send(chain);
    }
}
