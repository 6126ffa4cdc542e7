package io.paas.test.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The platform moves to another version and back; what it runs does not notice.
@EndToEnd
@Order(10)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class UpgradeE2E {

    private static final String NEXT = "0.0.0-e2e";

    private boolean installedNext;

    @Test
    void noPodContainerOrProcessChanges() {
        var cluster = Shared.plain().awaitRunning();
        var image = Platform.CONTROLLERS.image();
        var pids = cluster.pids();
        var pods = pods();

        var begin = Instant.now();
        installedNext = true;
        install(NEXT);
        Figures.note("installation of another version", Await.elapsed(begin));

        assertThat(Platform.CONTROLLERS.image()).isNotEqualTo(image).endsWith(":" + NEXT);
        assertThat(Platform.APISERVER.image()).endsWith(":" + NEXT);
        Platform.APISERVER.awaitAvailable();
        Platform.CONTROLLERS.awaitAvailable();
        // The new controllers have looked at the cluster when they carried out a wish of today.
        cluster.awaitSucceeded(
                cluster.clusterVerb("start", "{\"selector\":{\"ordinals\":[0]}}"),
                Duration.ofSeconds(60));
        cluster.awaitRunning();
        // Every cluster on the node, not only this one: an upgrade that needs room takes any.
        assertThat(pods())
                .as("Pods and their containers; Preempted: %s", preempted())
                .containsAllEntriesOf(pods);
        assertThat(cluster.pids()).as("PIDs of the database").isEqualTo(pids);
    }

    @AfterAll
    void goBack() {
        if (installedNext) {
            install("");
        }
    }

    /// UID and container ids of every Pod of a cluster, in all namespaces that stay.
    private static Map<String, String> pods() {
        var going =
                Pods.elements(Kubectl.admin().json("get", "namespaces").path("items"))
                        .filter(each -> each.at("/status/phase").asText().equals("Terminating"))
                        .map(Pods::name)
                        .toList();
        var all =
                Kubectl.admin()
                        .json(
                                "get",
                                "pods",
                                "--all-namespaces",
                                "-l",
                                "middleware.paas.io/cluster");
        return Pods.elements(all.path("items"))
                .filter(pod -> !going.contains(pod.at("/metadata/namespace").asText()))
                .collect(
                        Collectors.toMap(
                                pod ->
                                        pod.at("/metadata/namespace").asText()
                                                + "/"
                                                + Pods.name(pod),
                                pod -> Pods.uid(pod) + " " + Pods.containerIds(pod),
                                (a, b) -> b,
                                TreeMap::new));
    }

    private static List<String> preempted() {
        var events =
                Kubectl.admin()
                        .json(
                                "get",
                                "events",
                                "--all-namespaces",
                                "--field-selector",
                                "reason=Preempted");
        return Pods.elements(events.path("items"))
                .map(event -> event.path("message").asText())
                .toList();
    }

    /// The installer, with this build's images under another version's tag; empty means its own.
    private static void install(String version) {
        if (!version.isEmpty()) {
            script("hack/images/retag", version);
        }
        script("hack/install", version);
    }

    private static void script(String name, String version) {
        var checkout = Path.of(System.getProperty("checkout", ".."));
        var script = checkout.resolve(name).toAbsolutePath().normalize();
        try {
            var log = Files.createTempFile("install", ".log");
            var builder = new ProcessBuilder(script.toString());
            builder.environment().put("PLATFORM_VERSION", version);
            var process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
            var ended = process.waitFor(5, TimeUnit.MINUTES);
            assertThat(ended && process.exitValue() == 0)
                    .as("%s of version %s: %s", script, version, Files.readString(log))
                    .isTrue();
            Files.delete(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
