package io.paas.test.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.test.proxy.Door;
import io.paas.test.proxy.FaultProxy;
import io.paas.test.proxy.Write;
import io.paas.test.proxy.WriteFault;
import io.paas.test.support.KubeApiServer;
import io.paas.test.support.KubeApiServerExtension;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/// An overloaded API server refuses everybody once. client-java's own work queue would retry ten
/// keys a minute and need three quarters of an hour for this.
@ExtendWith(KubeApiServerExtension.class)
@Isolated("what it measures is time")
class ManyKeysIT {

    private static final int KEYS = 500;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final Api api;
    private final KubeApiServer server;

    ManyKeysIT(KubeApiServer server) {
        this.server = server;
        this.api = new Api(server);
    }

    @Test
    void fiveHundredKeysThatFailAtOnceAreReconciledWithinAMinute() throws Exception {
        Campaign.installSets(server);
        String namespace = namespace();
        createSets(namespace);
        FaultProxy proxy = FaultProxy.of(server, namespace);
        proxy.follow(this::refuseOnce);
        try (proxy;
                Door door = proxy.open();
                ControllerProcess process = new ControllerProcess(server, door, 8)) {
            process.start();
            Await.until("every key to fail", LIMIT, () -> refused.size() == 2 * KEYS);

            Await.until("every key", LIMIT, () -> reconciled(namespace) == KEYS);

            long begin = proxy.writes().getFirst().nanos();
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            System.out.printf(
                    "%d keys that failed twice each: reconciled in %d ms%n", KEYS, took.toMillis());
            assertThat(took).isLessThan(LIMIT);
        }
    }

    /// The first write of every set, where the reconcile fails as a whole, and the first of its
    /// Pod, where the set reports a problem.
    private @Nullable WriteFault refuseOnce(Write write) {
        boolean isFirst =
                write.verb().equals("create")
                        && Set.of("controllerrevisions", "pods").contains(write.resource())
                        && write.nth() == 1;
        if (!isFirst) {
            return null;
        }
        refused.add(write.resource() + " " + write.name());
        return WriteFault.TOO_MANY_REQUESTS;
    }

    private long reconciled(String namespace) {
        return api.items(Api.SETS.formatted(namespace)).stream()
                .filter(ManyKeysIT::isReconciled)
                .count();
    }

    private static boolean isReconciled(JsonNode set) {
        return set.at("/status/replicas").asInt() == 1
                && set.at("/status/conditions")
                        .valueStream()
                        .anyMatch(
                                condition ->
                                        condition.path("type").asText().equals("Stalled")
                                                && condition
                                                        .path("status")
                                                        .asText()
                                                        .equals("False"));
    }

    private String namespace() {
        return api.create("/api/v1/namespaces", "{\"metadata\": {\"generateName\": \"keys-\"}}")
                .orFail()
                .at("/metadata/name")
                .asText();
    }

    private void createSets(String namespace) {
        try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < KEYS; i++) {
                String set =
                        """
                        {"apiVersion": "paas.io/v1", "kind": "ExPodSet",
                         "metadata": {"name": "s%d"},
                         "spec": {"replicas": 1, "serviceName": "svc",
                           "selector": {"matchLabels": {"app": "s%d"}},
                           "template": {"metadata": {"labels": {"app": "s%d"}},
                             "spec": {"containers": [{"name": "main", "image": "image:1"}]}}}}"""
                                .formatted(i, i, i);
                pool.execute(() -> api.create(Api.SETS.formatted(namespace), set).orFail());
            }
        }
    }
}
