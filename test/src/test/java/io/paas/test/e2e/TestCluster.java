package io.paas.test.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// One MiddlewareCluster under test and what can be asked about it from outside.
///
/// @param pods the number of Pods that its YAML asks for
record TestCluster(Sandbox sandbox, String name, int pods) {

    private static final String GROUP_VERSION = "/apis/middleware.paas.io/v1";

    /// Story 1 allows five minutes for a new cluster; a suite that runs on its own node must not
    /// wait that long in each class when something is broken.
    private static final Duration RUNNING_LIMIT = Duration.ofSeconds(90);

    /// The four fields a user must give, and what a test adds below `spec`.
    static String yaml(String name, String version, String more) {
        return """
        apiVersion: paas.io/v1
        kind: MiddlewareCluster
        metadata:
          name: %s
        spec:
          type: redis
          extensionVersion: 1.0.0
          version: "%s"
          topology: cluster
        %s
        """
                .formatted(name, version, more.indent(2));
    }

    /// Applies the YAML, which must name the cluster, and does not wait.
    static TestCluster apply(Sandbox sandbox, String name, int pods, String yaml) {
        sandbox.kubectl().mustInput(yaml, "apply", "--validate=strict", "-f", "-");
        return new TestCluster(sandbox, name, pods);
    }

    Kubectl kubectl() {
        return sandbox.kubectl();
    }

    JsonNode object() {
        return kubectl().json("get", "mwc", name);
    }

    String phase() {
        return object().at("/status/phase").asText();
    }

    TestCluster awaitRunning() {
        return awaitRunning(RUNNING_LIMIT);
    }

    TestCluster awaitRunning(Duration limit) {
        Await.until(
                "cluster " + name + " to be Running with all " + pods + " Pods ready",
                limit,
                this::object,
                cluster ->
                        cluster.at("/status/phase").asText().equals("Running")
                                && Pods.condition(cluster, "Ready").equals("True")
                                && cluster.at("/status/ready").asText().equals(pods + "/" + pods));
        return this;
    }

    List<JsonNode> podList() {
        var all = kubectl().json("get", "pods", "-l", "middleware.paas.io/cluster=" + name);
        return Pods.elements(all.path("items")).toList();
    }

    JsonNode pod(String pod) {
        return kubectl().json("get", "pod", pod);
    }

    /// The name of the Pod with this ordinal; the tests' topology has one group, `nodes`.
    String podName(int ordinal) {
        return name + "-nodes-" + ordinal;
    }

    List<String> podsWithRole(String role) {
        return podList().stream()
                .filter(pod -> Pods.label(pod, "middleware.paas.io/role").equals(role))
                .map(Pods::name)
                .toList();
    }

    String podPath(String pod, String subresource) {
        return GROUP_VERSION + "/namespaces/" + sandbox.name() + "/pods/" + pod + "/" + subresource;
    }

    String clusterPath(String subresource) {
        return GROUP_VERSION
                + "/namespaces/"
                + sandbox.name()
                + "/middlewareclusters/"
                + name
                + "/"
                + subresource;
    }

    /// `POST` as a given user, as a script would do it.
    Kubectl.Result verb(Kubectl user, String path, String options) {
        return user.input(options, "create", "--raw", path, "-f", "-");
    }

    JsonNode podVerb(String pod, String verb, String options) {
        var result = verb(kubectl(), podPath(pod, verb), options);
        assertThat(result.exitCode()).as("%s", result).isZero();
        return result.json();
    }

    /// Calls a verb of the whole cluster, which answers with an Operation, and gives its name.
    String clusterVerb(String verb, String options) {
        var result = verb(kubectl(), clusterPath(verb), options);
        assertThat(result.exitCode()).as("%s", result).isZero();
        assertThat(result.json().path("kind").asText()).as("%s", result).isEqualTo("Operation");
        return Pods.name(result.json());
    }

    JsonNode operationVerb(String operation, String verb) {
        var path =
                GROUP_VERSION
                        + "/namespaces/"
                        + sandbox.name()
                        + "/operations/"
                        + operation
                        + "/"
                        + verb;
        var result = verb(kubectl(), path, "{}");
        assertThat(result.exitCode()).as("%s", result).isZero();
        return result.json();
    }

    JsonNode operation(String operation) {
        return kubectl().json("get", "mwop", operation);
    }

    /// A durable change's Operation is derived by the controllers, so it may come a moment later.
    JsonNode awaitSucceeded(String operation, Duration limit) {
        var done =
                Await.until(
                        "Operation " + operation + " to be over",
                        limit,
                        () -> kubectl().find("get", "mwop", operation),
                        o -> o != null && isOver(o));
        assertThat(done.at("/status/phase").asText()).as("%s", done).isEqualTo("Succeeded");
        return done;
    }

    static boolean isOver(JsonNode operation) {
        return List.of("Succeeded", "Failed", "Cancelled")
                .contains(operation.at("/status/phase").asText());
    }

    JsonNode process(String pod) {
        return Kubectl.parse(kubectl().must("get", "--raw", podPath(pod, "process")));
    }

    /// The process's PID, which a stopped process does not have.
    int pid(String pod) {
        var process = process(pod);
        assertThat(process.path("pid").isInt()).as("a PID in %s", process).isTrue();
        return process.path("pid").asInt();
    }

    Map<String, Integer> pids() {
        return podList().stream()
                .map(Pods::name)
                .collect(Collectors.toMap(pod -> pod, this::pid, (a, b) -> b, TreeMap::new));
    }

    Map<String, String> uids() {
        return podList().stream()
                .collect(Collectors.toMap(Pods::name, Pods::uid, (a, b) -> b, TreeMap::new));
    }

    String log(String pod) {
        return kubectl().must("logs", pod, "-c", "main");
    }

    /// The Pods that Service `<cluster>` sends clients to.
    List<String> readyEndpoints() {
        return endpoints(endpoint -> endpoint.at("/conditions/ready").asBoolean());
    }

    /// All Pods in its slices, ready or not.
    List<String> endpoints() {
        return endpoints(_ -> true);
    }

    private List<String> endpoints(Predicate<JsonNode> which) {
        var slices =
                kubectl().json("get", "endpointslices", "-l", "kubernetes.io/service-name=" + name);
        return Pods.elements(slices.path("items"))
                .flatMap(slice -> Pods.elements(slice.path("endpoints")))
                .filter(which)
                .map(endpoint -> endpoint.at("/targetRef/name").asText())
                .sorted()
                .toList();
    }
}
