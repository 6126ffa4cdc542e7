package io.paas.test.conformance.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/// What the API shows of a kubelet: Pods of its node start, become ready and unready, end when they
/// are deleted, and go.
///
/// Tests steer it by what a real one would look at (images, probes) and, where that would be a
/// command in the container, by annotation `conformance/probe`. It looks at each version of a Pod
/// and takes one step, for exactly that version: a step that comes too late meets another version,
/// or another Pod of the name, and is refused. Tools that write by name do not promise that.
final class Kubelet implements AutoCloseable {

    private static final String PODS = "/api/v1/pods";
    // Leaves time to see a Pod that runs and is not ready yet.
    private static final Duration PROBE = Duration.ofMillis(150);
    private static final Duration AGAIN = Duration.ofMillis(100);

    private final KubeApi api;
    private final String node;
    private volatile boolean closed;
    private volatile @Nullable Response watch;

    private Kubelet(KubeApi api, String node) {
        this.api = api;
        this.node = node;
    }

    static Kubelet start(KubeApi api, String node) {
        Kubelet kubelet = new Kubelet(api, node);
        Thread.ofVirtual().name("kubelet").start(kubelet::run);
        return kubelet;
    }

    @Override
    public void close() {
        closed = true;
        Response open = watch;
        if (open != null) {
            open.close();
        }
    }

    private void run() {
        while (!closed) {
            // Each watch begins with all the Pods there are.
            try (Response open =
                    api.watch(PODS + "?watch=true&fieldSelector=spec.nodeName%3D" + node)) {
                watch = open;
                BufferedSource source = open.body().source();
                for (String line; (line = source.readUtf8Line()) != null; ) {
                    JsonNode event = KubeApi.parse(line);
                    if (!event.path("type").asText().equals("DELETED")) {
                        Thread.ofVirtual().start(() -> step(event.path("object")));
                    }
                }
            } catch (IOException | IllegalStateException ended) {
                pause(AGAIN);
            }
        }
    }

    private void step(JsonNode pod) {
        if (isTerminating(pod)) {
            end(pod);
        } else if (isPending(pod) && !image(pod).equals("missing")) {
            status(pod, running(pod));
        } else if (pod.at("/status/phase").asText().equals("Running")) {
            probe(pod);
        }
    }

    private void probe(JsonNode pod) {
        boolean execs = pod.at("/spec/containers/0/readinessProbe").has("exec");
        String result =
                pod.at("/metadata/annotations/conformance~1probe")
                        .asText(execs ? "failing" : "passing");
        boolean ready = isReady(pod);
        if (result.equals("passing") && !ready) {
            pause(PROBE);
            status(pod, readiness(true));
        } else if (result.equals("failing") && ready) {
            status(pod, readiness(false));
        }
    }

    /// First with the phase that the containers' exit codes ask for, then for good. Its own
    /// deletion shows a Pod with a finalizer once more, without grace: that was all.
    private void end(JsonNode pod) {
        if (isPending(pod) || pod.at("/status/phase").asText().equals("Running")) {
            ObjectNode status = readiness(false);
            status.put("phase", hasContainer(pod, "exit-with-1") ? "Failed" : "Succeeded");
            status(pod, status);
        } else if (pod.at("/metadata/deletionGracePeriodSeconds").asInt() > 0) {
            insist(
                    () ->
                            api.delete(
                                    path(pod),
                                    KubeApi.parse(
                                            """
                                            {"kind": "DeleteOptions", "apiVersion": "v1",
                                             "gracePeriodSeconds": 0,
                                             "preconditions": {"uid": "%s"}}"""
                                                    .formatted(uid(pod)))));
        }
    }

    private static ObjectNode running(JsonNode pod) {
        ObjectNode status = readiness(false);
        String now = now();
        status.put("phase", "Running").put("startTime", now);
        for (JsonNode container : pod.at("/spec/containers")) {
            status.withArray("containerStatuses")
                    .addObject()
                    .put("name", container.path("name").asText())
                    .put("image", container.path("image").asText())
                    .put("imageID", "")
                    .put("ready", false)
                    .put("restartCount", 0)
                    .putObject("state")
                    .putObject("running")
                    .put("startedAt", now);
        }
        return status;
    }

    private static ObjectNode readiness(boolean ready) {
        ObjectNode status = KubeApi.parse("{}");
        for (String type : List.of("ContainersReady", "Ready")) {
            status.withArray("conditions")
                    .addObject()
                    .put("type", type)
                    .put("status", ready ? "True" : "False")
                    .put("lastTransitionTime", now());
        }
        return status;
    }

    private void status(JsonNode pod, ObjectNode status) {
        ObjectNode body = KubeApi.parse("{}");
        body.putObject("metadata")
                .put("uid", uid(pod))
                .put("resourceVersion", pod.at("/metadata/resourceVersion").asText());
        body.set("status", status);
        insist(() -> api.strategicMerge(path(pod) + "/status", body));
    }

    /// A refusal is an answer: the Pod is another one by now, and its newer version has its own
    /// step. Silence is not.
    private void insist(Runnable call) {
        while (!closed) {
            try {
                call.run();
                return;
            } catch (KubeApi.Refused refused) {
                if (!refused.isPassing()) {
                    return;
                }
            } catch (UncheckedIOException silence) {
                // As above.
            }
            pause(AGAIN);
        }
    }

    private static boolean isTerminating(JsonNode pod) {
        return pod.path("metadata").has("deletionTimestamp");
    }

    private static boolean isPending(JsonNode pod) {
        return pod.at("/status/phase").asText("Pending").equals("Pending");
    }

    private static boolean isReady(JsonNode pod) {
        return pod.at("/status/conditions")
                .valueStream()
                .anyMatch(
                        condition ->
                                condition.path("type").asText().equals("Ready")
                                        && condition.path("status").asText().equals("True"));
    }

    private static boolean hasContainer(JsonNode pod, String name) {
        return pod.at("/spec/containers")
                .valueStream()
                .anyMatch(container -> container.path("name").asText().equals(name));
    }

    private static String image(JsonNode pod) {
        return pod.at("/spec/containers/0/image").asText();
    }

    private static String uid(JsonNode pod) {
        return pod.at("/metadata/uid").asText();
    }

    private static String path(JsonNode pod) {
        return "/api/v1/namespaces/"
                + pod.at("/metadata/namespace").asText()
                + "/pods/"
                + pod.at("/metadata/name").asText();
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
