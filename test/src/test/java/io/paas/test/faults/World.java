package io.paas.test.faults;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.test.proxy.Door;
import io.paas.test.proxy.FaultProxy;
import io.paas.test.support.KubeApiServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// One namespace with one set, `s`, its node, its observer, and the controller behind the proxy.
///
/// The user's part (creating, changing and deleting the set) and the garbage collector's go
/// straight to kube-apiserver.
final class World implements AutoCloseable {

    static final String SET = "s";

    private static final Duration SETTLING = Duration.ofSeconds(60);

    private final KubeApiServer server;
    private final Api api;
    private final String namespace;
    private final SafetyObserver observer;
    private final FakeNode node;
    private final FaultProxy proxy;
    private ControllerProcess process;
    private boolean closed;

    private World(KubeApiServer server, Api api, String namespace) {
        this.server = server;
        this.api = api;
        this.namespace = namespace;
        this.observer = SafetyObserver.open(api, namespace);
        this.node = new FakeNode(api, namespace);
        this.proxy = FaultProxy.of(server, namespace);
        this.process = new ControllerProcess(server, proxy.open(), 4);
        proxy.onKill(this::restart);
    }

    static World begin(KubeApiServer server, Api api, String name) throws InterruptedException {
        String namespace =
                api.create(
                                "/api/v1/namespaces",
                                "{\"metadata\": {\"generateName\": \"%s-\"}}".formatted(name))
                        .orFail()
                        .at("/metadata/name")
                        .asText();
        World world = new World(server, api, namespace);
        world.process.start();
        return world;
    }

    String namespace() {
        return namespace;
    }

    SafetyObserver observer() {
        return observer;
    }

    FaultProxy proxy() {
        return proxy;
    }

    EndState state() {
        return EndState.of(api, namespace);
    }

    /// The process dies now and another begins.
    synchronized void restart() {
        process.close();
        if (closed) {
            return;
        }
        Door door = proxy.open();
        process = new ControllerProcess(server, door, 4);
        ControllerProcess started = process;
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                started.start();
                            } catch (InterruptedException _) {
                                Thread.currentThread().interrupt();
                            }
                        });
    }

    void create(int replicas, String policy) {
        api.create(
                        sets(),
                        """
                        {"apiVersion": "paas.io/v1", "kind": "ExPodSet", "metadata": {"name": "s"},
                         "spec": {
                           "replicas": %d, "serviceName": "svc", "podManagementPolicy": "%s",
                           "selector": {"matchLabels": {"app": "s"}},
                           "volumeClaimTemplates": [{"metadata": {"name": "data"},
                             "spec": {"accessModes": ["ReadWriteOnce"],
                               "resources": {"requests": {"storage": "1Gi"}}}}],
                           "template": {"metadata": {"labels": {"app": "s"}},
                             "spec": {"terminationGracePeriodSeconds": 30,
                               "containers": [{"name": "main", "image": "image:1"}]}}}}"""
                                .formatted(replicas, policy))
                .orFail();
    }

    void patchSpec(String spec) {
        api.merge(sets() + "/" + SET, "{\"spec\": " + spec + "}").orFail();
    }

    void image(String image) {
        patchSpec(
                """
                {"template": {"spec": {"containers": [{"name": "main", "image": "%s"}]}}}"""
                        .formatted(image));
    }

    /// Deletes the set in the foreground and does the garbage collector's part: dependents one
    /// after the other, then the finalizer.
    void delete() throws InterruptedException {
        String uid = set().at("/metadata/uid").asText();
        api.delete(
                        sets() + "/" + SET,
                        """
                        {"apiVersion": "v1", "kind": "DeleteOptions",
                         "propagationPolicy": "Foreground"}""")
                .orFail();
        Await.until("its dependents to go", SETTLING, () -> !collectOne(uid));
        api.merge(sets() + "/" + SET, "{\"metadata\": {\"finalizers\": null}}").orFail();
    }

    /// Waits until the controller has nothing more to do, before anything is broken.
    void settle() throws InterruptedException {
        Await.until(
                "the set to settle", SETTLING, () -> isSettled() && isIdle(Duration.ofMillis(300)));
    }

    /// Whether the set is as its spec says, or not there and no Pod either.
    boolean isSettled() {
        JsonNode set = set();
        if (set.path("kind").asText().equals("Status")) {
            return api.items(Api.PODS.formatted(namespace)).isEmpty();
        }
        int replicas = set.at("/spec/replicas").asInt();
        JsonNode status = set.path("status");
        return status.path("observedGeneration").asLong() == set.at("/metadata/generation").asLong()
                && status.path("availableReplicas").asInt() == replicas
                && status.path("updatedReplicas").asInt() == replicas
                && status.path("replicas").asInt() == replicas
                && isAtRest(status)
                && status.path("currentRevision").equals(status.path("updateRevision"));
    }

    /// A Pod that leaves counts in no number.
    private static boolean isAtRest(JsonNode status) {
        return status.path("conditions")
                .valueStream()
                .anyMatch(
                        condition ->
                                condition.path("type").asText().equals("Reconciling")
                                        && condition.path("status").asText().equals("False"));
    }

    /// Whether the controller has written nothing for so long.
    boolean isIdle(Duration time) {
        List<FaultProxy.Seen> writes = proxy.writes();
        return writes.isEmpty() || System.nanoTime() - writes.getLast().nanos() > time.toNanos();
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            process.close();
        }
        proxy.close();
        node.close();
        observer.close();
    }

    /// True while there is something left.
    private boolean collectOne(String owner) {
        for (String collection : List.of(Api.PODS, Api.REVISIONS)) {
            String path = collection.formatted(namespace);
            for (JsonNode object : api.items(path)) {
                if (object.at("/metadata/ownerReferences/0/uid").asText().equals(owner)) {
                    if (!object.path("metadata").has("deletionTimestamp")) {
                        api.delete(path + "/" + object.at("/metadata/name").asText(), "");
                    }
                    return true;
                }
            }
        }
        return false;
    }

    private JsonNode set() {
        return api.get(sets() + "/" + SET).body();
    }

    private String sets() {
        return Api.SETS.formatted(namespace);
    }
}
