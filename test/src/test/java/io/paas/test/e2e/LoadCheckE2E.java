package io.paas.test.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.test.load.Load;
import io.paas.test.load.RedisDatabase;
import io.paas.test.load.Verdict;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The load checker itself: it finds what a server loses, so that finding nothing means something.
/// The two servers differ in their durability alone, and both are killed in the middle of a load.
@EndToEnd
@Order(14)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LoadCheckE2E {

    private static final Duration BEFORE = Duration.ofSeconds(5);
    private static final Duration AFTER = Duration.ofSeconds(5);

    private Sandbox sandbox;

    @BeforeAll
    void aNamespace() {
        sandbox = Sandbox.open("load-check");
    }

    @AfterAll
    void leave() {
        sandbox.close();
    }

    @Test
    @Order(1)
    void findsWhatAServerThatKeepsNothingLoses() {
        Verdict verdict = killInTheMiddle("volatile", "--appendonly", "\"no\"");

        assertThat(verdict.lost()).as("%s", verdict).hasSizeGreaterThan(100);
    }

    @Test
    @Order(2)
    void findsNothingLostWhereEachWriteReachesTheDisk() {
        Verdict verdict =
                killInTheMiddle("durable", "--appendonly", "\"yes\"", "--appendfsync", "always");

        assertThat(verdict.lost()).as("%s", verdict).isEmpty();
        assertThat(verdict.duplicates()).as("%s", verdict).isEmpty();
        assertThat(verdict.outOfOrder()).as("%s", verdict).isEmpty();
        assertThat(verdict.unexpected()).as("%s", verdict).isEmpty();
        assertThat(verdict.rawRatio()).as("noticed the kill: %s", verdict).isLessThan(1);
    }

    private Verdict killInTheMiddle(String pod, String... durability) {
        start(pod, durability);
        var address = Pods.ip(sandbox.kubectl().json("get", "pod", pod)) + ":6379";
        try (var load = Load.start(RedisDatabase.at(address, null))) {
            Await.pause(BEFORE);
            kill(pod);
            Await.pause(AFTER);
            Verdict verdict = load.stop();
            Figures.note(pod + " server, killed: " + verdict);
            return verdict;
        }
    }

    private void start(String pod, String... durability) {
        var options = Arrays.stream(durability).collect(Collectors.joining(", "));
        sandbox.kubectl().mustInput(manifest(pod, options), "apply", "-f", "-");
        sandbox.kubectl().must("wait", "pod", pod, "--for=condition=Ready", "--timeout=60s");
    }

    /// A shell starts the server again at once, in the same container: what it finds then is what
    /// it has kept itself.
    private static String manifest(String pod, String options) {
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
            fsGroup: 10001
            seccompProfile: {type: RuntimeDefault}
          containers:
          - name: server
            image: localhost/middleware/redis:7.0
            command: [sh, -c, 'while :; do redis-server "$@"; done', sh]
            args: [--dir, /data, --pidfile, /data/pid, --protected-mode, "no", --save, "", %s]
            readinessProbe:
              periodSeconds: 1
              tcpSocket: {port: 6379}
            resources: {requests: {cpu: 10m, memory: 16Mi}}
            securityContext:
              allowPrivilegeEscalation: false
              capabilities: {drop: [ALL]}
              readOnlyRootFilesystem: true
            volumeMounts:
            - {name: data, mountPath: /data}
          volumes:
          - name: data
            emptyDir: {}
        """
                .formatted(pod, options);
    }

    private void kill(String pod) {
        sandbox.kubectl().must("exec", pod, "--", "sh", "-c", "kill -9 $(cat /data/pid)");
    }
}
