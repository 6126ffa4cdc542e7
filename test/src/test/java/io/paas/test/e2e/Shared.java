package io.paas.test.e2e;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// The clusters that several classes use, each made when it is first asked for. A class leaves them
/// Running and healthy; it deletes no key that it did not write.
final class Shared {

    private static final Map<String, Made> MADE = new LinkedHashMap<>();

    private record Made(TestCluster cluster, Sandbox sandbox) {}

    /// Three primaries of Redis 7.0, created from the four fields alone.
    static synchronized TestCluster plain() {
        return made(
                "plain",
                () -> {
                    var sandbox = Sandbox.open("plain");
                    var cluster =
                            TestCluster.apply(
                                    sandbox, "plain", 3, TestCluster.yaml("plain", "7.0", ""));
                    return new Made(cluster, sandbox);
                });
    }

    /// Three primaries with a replica each, behind a password.
    static synchronized TestCluster replicated() {
        return made(
                "twins",
                () -> {
                    var sandbox = Sandbox.open("twins");
                    var password = "pass-%08x".formatted(System.nanoTime());
                    sandbox.kubectl()
                            .mustInput(
                                    """
                                    apiVersion: v1
                                    kind: Secret
                                    metadata: {name: twins-password}
                                    stringData: {password: %s}
                                    """
                                            .formatted(password),
                                    "create",
                                    "-f",
                                    "-");
                    var more =
                            """
                            topologyParameters: {replicasPerMaster: "1"}
                            authSecretRef: {name: twins-password}
                            """;
                    var yaml = TestCluster.yaml("twins", "7.0", more);
                    return new Made(TestCluster.apply(sandbox, "twins", 6, yaml), sandbox);
                });
    }

    static synchronized void close() {
        MADE.values().forEach(made -> made.sandbox().close());
        MADE.clear();
    }

    private static TestCluster made(String name, Supplier<Made> make) {
        var made = MADE.get(name);
        if (made == null) {
            made = make.get();
            MADE.put(name, made);
        }
        return made.cluster();
    }

    private Shared() {}
}
