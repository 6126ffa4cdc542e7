package io.paas.test.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A changed template reaches the Pods in the order that they say themselves, and, when they say
/// none, in the declared one (FR-008).
@EndToEnd
@Order(12)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RestartOrderE2E {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Path PACKAGE =
            Path.of(
                    System.getProperty("checkout", ".."),
                    "test",
                    "packages",
                    "scripted",
                    "package");

    @BeforeAll
    void publish() {
        var admin = Kubectl.admin();
        admin.must("apply", "-k", PACKAGE.toString());
        // Admission refuses clusters of a type that the catalog does not name yet.
        Await.until(
                "the catalog to name the package",
                Duration.ofSeconds(30),
                () -> admin.json("get", "extensioncatalogs.paas.io", "catalog"),
                catalog -> catalog.path("types").has("scripted"));
    }

    @AfterAll
    void withdraw() {
        Kubectl.admin().run("delete", "-k", PACKAGE.toString(), "--wait=false");
    }

    /// Neither the roles' order (2, 1, 0) nor that of the ordinals.
    @Test
    @Order(1)
    void podsGiveWayAsTheySay() {
        try (var sandbox = Sandbox.open("order")) {
            var cluster = create(sandbox, "0 2 1").awaitRunning();

            assertThat(roll(sandbox, cluster, new HashSet<>()))
                    .containsExactly(cluster.podName(0), cluster.podName(2), cluster.podName(1));
        }
    }

    @Test
    @Order(2)
    void anApiThatHangsLeavesTheRoles() {
        try (var sandbox = Sandbox.open("hang")) {
            var cluster = create(sandbox, "hang").awaitRunning();
            var reasons = new HashSet<String>();

            assertThat(roll(sandbox, cluster, reasons))
                    .as("the primary comes last")
                    .containsExactly(cluster.podName(2), cluster.podName(1), cluster.podName(0));
            assertThat(reasons).as("reasons of OrderKnown").contains("RolesUsed");
        }
    }

    private static TestCluster create(Sandbox sandbox, String order) {
        return TestCluster.apply(
                sandbox,
                "order",
                3,
                """
                apiVersion: paas.io/v1
                kind: MiddlewareCluster
                metadata:
                  name: order
                spec:
                  type: scripted
                  extensionVersion: 1.0.0
                  version: "1"
                  topology: group
                  topologyParameters: {order: "%s"}
                """
                        .formatted(order));
    }

    /// Gives the Pods another volume, which they can not get in place, and answers in which order
    /// the old ones went.
    ///
    /// @param reasons collects those of condition OrderKnown on the way
    private static List<String> roll(Sandbox sandbox, TestCluster cluster, Set<String> reasons) {
        var before = cluster.uids();
        var kubectl = sandbox.kubectl();
        kubectl.must("create", "secret", "generic", "door", "--from-literal=password=secret");
        try (var watch = PodWatch.open(Rest.as(kubectl.kubeconfig()), sandbox.name())) {
            kubectl.must(
                    "patch",
                    "mwc",
                    cluster.name(),
                    "--type=merge",
                    "-p",
                    "{\"spec\": {\"authSecretRef\": {\"name\": \"door\"}}}");
            Await.until(
                    "all Pods to be new and ready",
                    LIMIT,
                    () -> {
                        reasons.add(
                                orderKnown(kubectl.json("get", "eps", cluster.name() + "-nodes")));
                        return cluster.podList();
                    },
                    pods ->
                            pods.size() == 3
                                    && pods.stream().allMatch(Pods::ready)
                                    && pods.stream()
                                            .noneMatch(
                                                    pod ->
                                                            before.get(Pods.name(pod))
                                                                    .equals(Pods.uid(pod))));
            cluster.awaitRunning();
            var gone = new ArrayList<String>();
            for (var event : watch.events()) {
                if (event.type().equals("DELETED")) {
                    gone.add(event.name());
                }
            }
            return gone;
        }
    }

    private static String orderKnown(JsonNode set) {
        return Pods.elements(set.at("/status/conditions"))
                .filter(condition -> condition.path("type").asText().equals("OrderKnown"))
                .map(condition -> condition.path("reason").asText())
                .findFirst()
                .orElse("");
    }
}
