package io.paas.test.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Ordinals go and come back by name, with their data (FR-007): an ExPodSet of plain Pods, without
/// a MiddlewareCluster.
@EndToEnd
@Order(12)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class NamedOrdinalsE2E {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final String MARK = "middleware.paas.io/decommissioned";

    private Sandbox sandbox;
    private Kubectl kubectl;

    @BeforeAll
    void fivePodsEachWithItsData() {
        sandbox = Sandbox.open("ordinals");
        kubectl = sandbox.kubectl();
        kubectl.mustInput(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: plain}
                spec:
                  clusterIP: None
                  selector: {app: plain}
                ---
                apiVersion: paas.io/v1
                kind: ExPodSet
                metadata: {name: plain}
                spec:
                  replicas: 5
                  serviceName: plain
                  podManagementPolicy: Parallel
                  selector: {matchLabels: {app: plain}}
                  volumeClaimTemplates:
                  - metadata: {name: data}
                    spec:
                      accessModes: [ReadWriteOnce]
                      resources: {requests: {storage: 16Mi}}
                  template:
                    metadata: {labels: {app: plain}}
                    spec:
                      terminationGracePeriodSeconds: 1
                      securityContext:
                        runAsNonRoot: true
                        runAsUser: 10001
                        runAsGroup: 10001
                        fsGroup: 10001
                        seccompProfile: {type: RuntimeDefault}
                      containers:
                      - name: main
                        image: localhost/middleware/redis:7.0
                        command: [sleep, infinity]
                        volumeMounts: [{name: data, mountPath: /data}]
                        resources: {requests: {cpu: 10m, memory: 16Mi}}
                        securityContext:
                          allowPrivilegeEscalation: false
                          capabilities: {drop: [ALL]}
                          readOnlyRootFilesystem: true
                """,
                "apply",
                "-f",
                "-");
        awaitReady(0, 1, 2, 3, 4);
        for (int ordinal = 0; ordinal < 5; ordinal++) {
            kubectl.mustInput(
                    "data of " + ordinal,
                    "exec",
                    "-i",
                    "plain-" + ordinal,
                    "--",
                    "sh",
                    "-c",
                    "cat > /data/kept");
        }
    }

    @AfterAll
    void leave() {
        sandbox.close();
    }

    /// Before anything has changed: ordinals 0 to 4.
    @ParameterizedTest
    @Order(1)
    @CsvSource(
            delimiter = '|',
            value = {
                "\"replicas\": 4, \"offlineOrdinals\": [\"9\"]|spec.offlineOrdinals|the highest of which is 4",
                "\"replicas\": 3, \"offlineOrdinals\": [\"2\", \"1-3\"]|spec.offlineOrdinals|listed once",
                "\"replicas\": 0, \"offlineOrdinals\": [\"0-4\"]|spec.offlineOrdinals|at least one has to stay",
                "\"offlineOrdinals\": [\"2\"]|spec.replicas|must be 4",
            })
    void whatCanNotBeIsRefusedAndNothingIsWritten(String spec, String field, String allowed) {
        var before = everything();

        var answer =
                kubectl.run(
                        "patch",
                        "eps",
                        "plain",
                        "--type=merge",
                        "-p",
                        "{\"spec\": {" + spec + "}}");

        assertThat(answer.exitCode()).as("%s", answer).isNotZero();
        assertThat(answer.err()).contains(field).contains(allowed);
        Await.whileFor("the same objects", QUIET, this::everything, before::equals);
    }

    @Test
    @Order(2)
    void aNamedOrdinalGoesAndComesBackWithItsData() {
        var uids = uids("pods");
        var claims = uids("pvc");

        patch("\"replicas\": 4, \"offlineOrdinals\": [\"2\"]");
        awaitReady(0, 1, 3, 4);
        var others = new TreeMap<>(uids);
        others.remove("plain-2");
        assertThat(uids("pods")).as("the other Pods").isEqualTo(others);
        assertThat(uids("pvc")).as("claims").isEqualTo(claims);
        var mark = Kubectl.parse(mark(2));
        assertThat(mark.path("generation").asLong())
                .isEqualTo(kubectl.json("get", "eps", "plain").at("/metadata/generation").asLong());
        assertThat(mark.path("at").asText()).endsWith("Z");
        assertThat(mark(1)).isEmpty();

        // A later scale-out takes the next number, not the one that was taken out.
        patch("\"replicas\": 5");
        awaitReady(0, 1, 3, 4, 5);
        assertThat(uids("pods")).containsAllEntriesOf(others);
        assertThat(mark(2)).isNotEmpty();

        patch("\"replicas\": 6, \"offlineOrdinals\": []");
        awaitReady(0, 1, 2, 3, 4, 5);
        assertThat(uids("pods")).containsAllEntriesOf(others);
        assertThat(uids("pvc")).containsAllEntriesOf(claims);
        Await.until("the mark to go", LIMIT, () -> mark(2), String::isEmpty);
        assertThat(kubectl.must("exec", "plain-2", "--", "cat", "/data/kept"))
                .isEqualTo("data of 2");
    }

    private void patch(String spec) {
        kubectl.must("patch", "eps", "plain", "--type=merge", "-p", "{\"spec\": {" + spec + "}}");
    }

    private void awaitReady(Integer... ordinals) {
        var names = List.of(ordinals).stream().map(ordinal -> "plain-" + ordinal).toList();
        Await.until(
                "ready Pods " + names,
                LIMIT,
                () -> kubectl.json("get", "pods"),
                pods ->
                        Pods.names(pods).equals(names)
                                && Pods.elements(pods.path("items")).allMatch(Pods::ready));
    }

    private Map<String, String> uids(String resource) {
        var uids = new TreeMap<String, String>();
        Pods.elements(kubectl.json("get", resource).path("items"))
                .forEach(object -> uids.put(Pods.name(object), Pods.uid(object)));
        return uids;
    }

    private String mark(int ordinal) {
        return kubectl.json("get", "pvc", "data-plain-" + ordinal)
                .at("/metadata/annotations")
                .path(MARK)
                .asText();
    }

    /// Names and versions of all that a set writes or is written to. But for statuses: a probe that
    /// is late on a busy node changes those of Pod and set.
    private Map<String, JsonNode> everything() {
        var objects = new TreeMap<String, JsonNode>();
        for (JsonNode object :
                kubectl.json("get", "eps,pods,pvc,controllerrevisions").path("items")) {
            ((ObjectNode) object).remove("status");
            ((ObjectNode) object.path("metadata"))
                    .remove(List.of("resourceVersion", "managedFields"));
            objects.put(object.path("kind").asText() + " " + Pods.name(object), object);
        }
        return objects;
    }
}
