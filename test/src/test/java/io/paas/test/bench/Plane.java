package io.paas.test.bench;

import io.paas.test.support.KubeApiServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// The control plane that all contestants share: etcd, kube-apiserver, the platform's kinds, roles
/// and policies, and one node whose kubelet is KWOK.
final class Plane implements AutoCloseable {

    static final String NODE = "node-0";

    private static final Path MANIFESTS = Path.of("../apiservice-manifests");
    private static final Path STAGES = Path.of("src/test/resources/bench/stages.yaml");
    private static final Duration START = Duration.ofSeconds(60);

    private final Path folder;
    private final KubeApiServer server;
    private final Kube kube;
    private final AuditTrail audit;
    private final AtomicInteger namespaces = new AtomicInteger();

    private Plane(Path folder, KubeApiServer server) {
        this.folder = folder;
        this.server = server;
        this.kube = new Kube(server);
        this.audit = new AuditTrail(folder.resolve("audit.log"));
    }

    static Plane start() {
        try {
            Path folder = Files.createTempDirectory("bench");
            Path policy =
                    Files.writeString(
                            folder.resolve("audit-policy.yaml"),
                            AuditTrail.policy(Account.users()));
            Plane plane =
                    new Plane(
                            folder,
                            KubeApiServer.start(
                                    "--audit-policy-file=" + policy,
                                    "--audit-log-path=" + folder.resolve("audit.log"),
                                    // A cluster has three Services with an address.
                                    "--service-cluster-ip-range=10.96.0.0/16"));
            try {
                plane.install();
                plane.startNode();
                return plane;
            } catch (RuntimeException | IOException | InterruptedException e) {
                e.addSuppressed(new IllegalStateException(plane.server.logTails()));
                plane.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    KubeApiServer server() {
        return server;
    }

    Kube kube() {
        return kube;
    }

    AuditTrail audit() {
        return audit;
    }

    Path folder() {
        return folder;
    }

    String newNamespace() {
        String name = "bench-" + namespaces.incrementAndGet();
        kube.create("/api/v1/namespaces", "{\"metadata\": {\"name\": \"%s\"}}".formatted(name));
        return name;
    }

    /// Deletes what controllers of workloads make; nobody collects garbage here.
    void empty(String namespace) throws InterruptedException {
        for (String collection :
                List.of(
                        "/api/v1/namespaces/%s/pods",
                        "/apis/apps/v1/namespaces/%s/controllerrevisions",
                        "/api/v1/namespaces/%s/persistentvolumeclaims",
                        "/apis/events.k8s.io/v1/namespaces/%s/events")) {
            kube.empty(collection.formatted(namespace));
        }
    }

    /// kube-apiserver dies, stays away for so long and comes back; returns when it is ready.
    void outage(Duration time) throws InterruptedException {
        server.kill("kube-apiserver");
        Thread.sleep(time);
        server.startAgain("kube-apiserver");
    }

    @Override
    public void close() {
        kube.close();
        server.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void install() throws IOException {
        apply("namespaces.yaml", "crds");
        server.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
        apply("catalog.yaml", "policies", "rbac", "deploy/token-keys.yaml");
        Account.createAll(server);
    }

    private void apply(String... files) {
        List<String> arguments = new ArrayList<>(List.of("apply", "--server-side"));
        for (String file : files) {
            arguments.addAll(List.of("-f", MANIFESTS.resolve(file).toString()));
        }
        server.kubectl(arguments.toArray(String[]::new));
    }

    private void startNode() throws InterruptedException {
        server.run(
                "kwok",
                "--kubeconfig=" + server.kubeconfig(),
                "--manage-all-nodes=true",
                // Nodes without a lease are given up within a minute, and their Pods with them.
                "--node-lease-duration-seconds=40",
                "--config=" + STAGES.toAbsolutePath());
        kube.create("/api/v1/nodes", "{\"metadata\": {\"name\": \"" + NODE + "\"}}");
        Await.until(
                "the node",
                START,
                () ->
                        kube.get("/api/v1/nodes/" + NODE)
                                .at("/status/conditions")
                                .valueStream()
                                .anyMatch(
                                        c ->
                                                c.path("type").asText().equals("Ready")
                                                        && c.path("status")
                                                                .asText()
                                                                .equals("True")));
    }
}
