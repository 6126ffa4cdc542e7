package io.paas.test.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What a caller may do is their Kubernetes permissions and nothing else (FR-036).
@EndToEnd
@Order(2)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ProcessAccessE2E {

    private static final Duration VERB_LIMIT = Duration.ofSeconds(10);

    private TestCluster cluster;
    private Sandbox elsewhere;
    private Kubectl restarter;
    private Kubectl reader;
    private Kubectl operator;

    @BeforeAll
    void accounts() {
        cluster = Shared.plain().awaitRunning();
        elsewhere = Sandbox.open("elsewhere");
        var sandbox = cluster.sandbox();
        restarter = sandbox.account("restarter", "create", "pods.middleware.paas.io/restart");
        reader = sandbox.account("reader", "get", "pods.middleware.paas.io/process");
        operator = sandbox.account("operator", "create", "operations.paas.io");
    }

    @AfterAll
    void leave() {
        elsewhere.close();
    }

    @Test
    void createOnRestartIsAllThatARestartNeeds() {
        var pod = cluster.podName(0);
        var before = cluster.pod(pod);
        var oldPid = cluster.pid(pod);

        var begin = Instant.now();
        var result = cluster.verb(restarter, cluster.podPath(pod, "restart"), "{}");
        Figures.within("restart of one process (SC-009)", Await.elapsed(begin), VERB_LIMIT);

        assertThat(result.exitCode()).as("%s", result).isZero();
        assertThat(result.json().path("oldPid").asInt()).as("%s", result).isEqualTo(oldPid);
        assertThat(result.json().path("newPid").asInt()).as("%s", result).isNotEqualTo(oldPid);
        assertThat(cluster.pid(pod)).isEqualTo(result.json().path("newPid").asInt());
        var after = cluster.pod(pod);
        assertThat(Pods.uid(after)).isEqualTo(Pods.uid(before));
        assertThat(Pods.containerIds(after)).isEqualTo(Pods.containerIds(before));
        assertThat(Pods.restartCount(after)).isZero();
    }

    @Test
    void theRestarterMayDoNothingElse() {
        var pod = cluster.podName(0);
        var pid = cluster.pid(pod);

        forbidden(cluster.verb(restarter, cluster.podPath(pod, "stop"), "{}"), "pods/stop");
        forbidden(restarter.run("get", "--raw", cluster.podPath(pod, "process")), "pods/process");
        var other =
                "/apis/middleware.paas.io/v1/namespaces/" + elsewhere.name() + "/pods/x/restart";
        forbidden(cluster.verb(restarter, other, "{}"), "pods/restart");
        forbidden(restarter.run("get", "mwc"), "middlewareclusters");
        forbidden(restarter.input(restart("by-restarter"), "create", "-f", "-"), "operations");

        assertThat(cluster.pid(pod)).as("the PID after refused calls").isEqualTo(pid);
    }

    @Test
    void creatingAnOperationNeedsTheRightToItsVerb() {
        var pids = cluster.pids();

        var refused = operator.input(restart("by-operator"), "create", "-f", "-");
        assertThat(refused.exitCode()).as("%s", refused).isNotZero();
        assertThat(refused.err())
                .as("%s", refused)
                .contains("Error from server (Forbidden)")
                .contains("ValidatingAdmissionPolicy")
                .contains("restart");
        assertThat(cluster.kubectl().find("get", "mwop", "by-operator")).isNull();

        cluster.kubectl()
                .must(
                        "create",
                        "role",
                        "operator-restart",
                        "--verb=create",
                        "--resource=middlewareclusters.middleware.paas.io/restart");
        cluster.kubectl()
                .must(
                        "create",
                        "rolebinding",
                        "operator-restart",
                        "--role=operator-restart",
                        "--serviceaccount=" + cluster.sandbox().name() + ":operator");
        // The authorizer's cache learns of the new role within moments.
        Await.until(
                "the same Operation to be accepted with the right to the verb",
                Duration.ofSeconds(10),
                () -> operator.input(restart("by-operator"), "create", "-f", "-"),
                Kubectl.Result::ok);
        cluster.awaitSucceeded("by-operator", Duration.ofSeconds(60));
        assertThat(cluster.pids())
                .as("PIDs after a restart of ordinal 1")
                .containsEntry(cluster.podName(0), pids.get(cluster.podName(0)))
                .containsEntry(cluster.podName(2), pids.get(cluster.podName(2)))
                .doesNotContainEntry(cluster.podName(1), pids.get(cluster.podName(1)));
    }

    @Test
    void aReaderSeesTheProcessAndCannotAct() {
        var pod = cluster.podName(1);

        var seen = reader.run("get", "--raw", cluster.podPath(pod, "process"));
        assertThat(seen.exitCode()).as("%s", seen).isZero();
        assertThat(seen.json().path("pid").asInt()).isEqualTo(cluster.pid(pod));
        for (var verb : new String[] {"start", "stop", "restart"}) {
            forbidden(cluster.verb(reader, cluster.podPath(pod, verb), "{}"), "pods/" + verb);
        }
    }

    private String restart(String name) {
        return """
        apiVersion: paas.io/v1
        kind: Operation
        metadata: {name: %s, namespace: %s}
        spec:
          type: Restart
          cluster: %s
          parameters: {ordinals: [1]}
        """
                .formatted(name, cluster.sandbox().name(), cluster.name());
    }

    private static void forbidden(Kubectl.Result result, String resource) {
        assertThat(result.exitCode()).as("%s", result).isNotZero();
        assertThat(result.err())
                .as("%s", result)
                .containsIgnoringCase("forbidden")
                .contains(resource);
    }
}
