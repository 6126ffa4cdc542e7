package io.paas.test.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The platform's own Deployments, and ways to harm them.
enum Platform {
    APISERVER("middleware-apiserver"),
    CONTROLLERS("middleware-controllers");

    private static final Duration RECOVERY = Duration.ofSeconds(60);

    private final String deployment;

    Platform(String deployment) {
        this.deployment = deployment;
    }

    static Kubectl system() {
        return Kubectl.admin().in("middleware-system");
    }

    /// Says in one sentence what would else be a hundred time-outs.
    static void requireInstalled() {
        var service = Kubectl.admin().find("get", "apiservice", "v1.middleware.paas.io");
        assertThat(service != null && Pods.condition(service, "Available").equals("True"))
                .as("the platform is installed and its APIService is Available; see make up")
                .isTrue();
    }

    /// The Pods of the Deployment, found as it finds them.
    List<JsonNode> pods() {
        var labels = object().at("/spec/selector/matchLabels");
        var selector =
                String.join(
                        ",",
                        labels.properties().stream()
                                .map(label -> label.getKey() + "=" + label.getValue().asText())
                                .toList());
        return Pods.elements(system().json("get", "pods", "-l", selector).path("items"))
                .filter(pod -> pod.at("/metadata/deletionTimestamp").isMissingNode())
                .toList();
    }

    JsonNode object() {
        return system().json("get", "deployment", deployment);
    }

    String image() {
        return object().at("/spec/template/spec/containers/0/image").asText();
    }

    /// As if its node were lost: the Pod is removed without a goodbye.
    void removeOnePod() {
        remove(victim());
    }

    /// All at once, and no others come until [#scale].
    void killAll() {
        var all = pods();
        scale(0);
        all.forEach(Platform::killProcesses);
        all.forEach(Platform::remove);
    }

    private static void remove(JsonNode pod) {
        system().must(
                        "delete",
                        "pod",
                        Pods.name(pod),
                        "--grace-period=0",
                        "--force",
                        "--ignore-not-found");
    }

    /// The one whose loss is felt: the leader, where there is one.
    private JsonNode victim() {
        var lease = system().find("get", "lease", deployment);
        var leader = lease == null ? "" : lease.at("/spec/holderIdentity").asText();
        var all = pods();
        return all.stream()
                .filter(pod -> Pods.name(pod).equals(leader))
                .findFirst()
                .orElseGet(all::getFirst);
    }

    /// `kill -9` of the one process of one Pod's container, from the host.
    void killOneProcess() {
        killProcesses(victim());
    }

    private static void killProcesses(JsonNode pod) {
        var id = Pods.containerIds(pod).values().iterator().next();
        var bare = id.substring(id.lastIndexOf('/') + 1);
        var processes = ProcessHandle.allProcesses().filter(p -> isIn(p, bare)).toList();
        assertThat(processes)
                .as("processes of container %s; the tests must run on the node as root", id)
                .isNotEmpty();
        processes.forEach(ProcessHandle::destroyForcibly);
    }

    void scale(int replicas) {
        system().must("scale", "deployment", deployment, "--replicas=" + replicas);
    }

    void awaitAvailable() {
        Await.until(
                "all Pods of " + deployment + " to be available",
                RECOVERY,
                this::object,
                now ->
                        now.at("/status/availableReplicas").asInt()
                                        == now.at("/spec/replicas").asInt()
                                && now.at("/status/unavailableReplicas").asInt() == 0
                                && now.at("/status/observedGeneration").asInt()
                                        == now.at("/metadata/generation").asInt());
    }

    private static boolean isIn(ProcessHandle process, String container) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cgroup"))
                    .contains(container);
        } catch (IOException gone) {
            return false;
        }
    }
}
