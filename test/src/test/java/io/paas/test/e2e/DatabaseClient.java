package io.paas.test.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A user's Pod with redis-cli in it, which knows a cluster only by its printed connection.
final class DatabaseClient {

    private final Kubectl kubectl;
    private final String pod;
    private final String host;
    private final String port;

    private DatabaseClient(Kubectl kubectl, String pod, String host, String port) {
        this.kubectl = kubectl;
        this.pod = pod;
        this.host = host;
        this.port = port;
    }

    /// Starts the Pod beside the cluster, which must be Running, and waits for it.
    static DatabaseClient of(TestCluster cluster) {
        var kubectl = cluster.kubectl();
        var connection =
                Kubectl.parse(kubectl.must("get", "--raw", cluster.clusterPath("connection")));
        var host = connection.path("host").asText();
        var port = connection.path("port").asText();
        assertThat(host).as("the host in %s", connection).isNotEmpty();
        assertThat(port).as("the port in %s", connection).matches("\\d+");
        var pod = cluster.name() + "-client";
        var secret = connection.at("/authSecret/name").asText("");
        kubectl.mustInput(manifest(pod, environment(secret)), "apply", "-f", "-");
        kubectl.must("wait", "pod", pod, "--for=condition=Ready", "--timeout=60s");
        return new DatabaseClient(kubectl, pod, host, port);
    }

    private static String manifest(String pod, String environment) {
        return """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s
        spec:
          terminationGracePeriodSeconds: 0
          securityContext:
            runAsNonRoot: true
            runAsUser: 10001
            runAsGroup: 10001
            seccompProfile: {type: RuntimeDefault}
          containers:
          - name: client
            image: localhost/middleware/redis:7.0
            command: [sleep, infinity]
            env:
        %s
            resources: {requests: {cpu: 10m, memory: 16Mi}}
            securityContext:
              allowPrivilegeEscalation: false
              capabilities: {drop: [ALL]}
              readOnlyRootFilesystem: true
        """
                .formatted(pod, environment);
    }

    /// The password travels as redis-cli's own variable, so that it is in no argument vector. An
    /// empty one would be sent after each redirection and refused.
    private static String environment(String secret) {
        return secret.isEmpty()
                ? ""
                : """
                    - name: REDISCLI_AUTH
                      valueFrom: {secretKeyRef: {name: %s, key: password}}
                """
                        .formatted(secret)
                        .stripTrailing();
    }

    String name() {
        return pod;
    }

    /// One command, following redirections.
    String ask(String... command) {
        return exec("", concat(List.of("redis-cli", "-c", "-h", host, "-p", port), command));
    }

    String askOne(String address, String... command) {
        return exec("", concat(List.of("redis-cli", "-h", address, "-p", port), command));
    }

    /// The fields of `CLUSTER INFO`.
    Map<String, String> info() {
        return ask("cluster", "info")
                .lines()
                .map(String::strip)
                .filter(line -> line.contains(":"))
                .map(line -> line.split(":", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (a, b) -> b));
    }

    /// Each member judges for itself, so that the next command may meet one that is not there yet.
    void awaitHealthy(Duration limit) {
        Await.until(
                "all members to serve all slots",
                limit,
                () -> fromAll("cluster", "info"),
                members ->
                        members.contains("cluster_state:ok")
                                && members.lines()
                                        .filter(line -> line.contains("cluster_state:"))
                                        .allMatch(line -> line.contains("cluster_state:ok"))
                                && members.lines()
                                        .filter(line -> line.contains("cluster_slots_ok:"))
                                        .allMatch(line -> line.contains(":16384")));
    }

    /// One command's answers of all members, each after its address; empty when nobody answers.
    private String fromAll(String... command) {
        var call =
                concat(
                        List.of("exec", pod, "-c", "client", "--", "redis-cli", "--cluster"),
                        "call",
                        host + ":" + port);
        return kubectl.run(concat(call, command).toArray(String[]::new)).out();
    }

    /// Writes `count` keys, each of which must be acknowledged.
    void write(String prefix, int count) {
        var replies =
                pipe(
                        IntStream.range(0, count)
                                .mapToObj(i -> "SET " + prefix + i + " value-" + prefix + i));
        assertThat(Collections.frequency(replies, "OK"))
                .as("acknowledged writes; the first others: %s", others(replies))
                .isEqualTo(count);
    }

    /// Reads them back; answers those that are not as written.
    List<String> missing(String prefix, int count) {
        var replies = pipe(IntStream.range(0, count).mapToObj(i -> "GET " + prefix + i));
        var missing = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            var got = i < replies.size() ? replies.get(i) : "no reply";
            if (!got.equals("value-" + prefix + i)) {
                missing.add(prefix + i + ": " + got);
            }
        }
        return missing;
    }

    /// Runs a program in the client's Pod.
    String exec(String input, List<String> command) {
        var call = concat(List.of("exec", "-i", pod, "-c", "client", "--"), command);
        return kubectl.mustInput(input, call.toArray(String[]::new));
    }

    /// Starts a program in the client's Pod; the caller talks to it and ends it.
    Process open(List<String> command) {
        var call = concat(List.of("exec", "-i", pod, "-c", "client", "--"), command);
        return kubectl.open(call.toArray(String[]::new));
    }

    List<String> address() {
        return List.of(host, port);
    }

    private List<String> pipe(java.util.stream.Stream<String> commands) {
        var input = commands.collect(Collectors.joining("\n", "", "\n"));
        return exec(input, List.of("redis-cli", "-c", "-h", host, "-p", port))
                .lines()
                .filter(line -> !line.startsWith("-> Redirected"))
                .toList();
    }

    private static List<String> others(List<String> replies) {
        return replies.stream().filter(reply -> !reply.equals("OK")).limit(3).toList();
    }

    private static List<String> concat(List<String> first, String... second) {
        return concat(first, Arrays.asList(second));
    }

    private static List<String> concat(List<String> first, List<String> second) {
        var all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
