package io.paas.test.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/// A namespace of its own, under Pod Security's strictest profile, gone when it is closed.
final class Sandbox implements AutoCloseable {

    private final String name;
    private final Kubectl admin;

    private Sandbox(String name, Kubectl admin) {
        this.name = name;
        this.admin = admin;
    }

    static Sandbox open(String purpose) {
        var admin = Kubectl.admin();
        var suffix = Integer.toHexString(ThreadLocalRandom.current().nextInt(0x1000, 0x10000));
        var name = "e2e-" + purpose.toLowerCase(Locale.ROOT) + "-" + suffix;
        admin.mustInput(
                """
                apiVersion: v1
                kind: Namespace
                metadata:
                  name: %s
                  labels:
                    pod-security.kubernetes.io/enforce: restricted
                    middleware.paas.io/e2e: "true"
                """
                        .formatted(name),
                "create",
                "-f",
                "-");
        return new Sandbox(name, admin.in(name));
    }

    String name() {
        return name;
    }

    /// The administrator, in this namespace.
    Kubectl kubectl() {
        return admin;
    }

    /// A ServiceAccount whose whole right is one verb on one resource of this namespace; the
    /// resource is written as kubectl writes it, for example `pods.middleware.paas.io/restart`.
    Kubectl account(String account, String verb, String resource) {
        admin.must("create", "serviceaccount", account);
        admin.must("create", "role", account, "--verb=" + verb, "--resource=" + resource);
        admin.must(
                "create",
                "rolebinding",
                account,
                "--role=" + account,
                "--serviceaccount=" + name + ":" + account);
        return admin.as(kubeconfig(account));
    }

    String userName(String account) {
        return "system:serviceaccount:" + name + ":" + account;
    }

    /// A kubeconfig with nothing but this account's token in it.
    private Path kubeconfig(String account) {
        var cluster = admin.json("config", "view", "--raw", "--minify").at("/clusters/0/cluster");
        var token = admin.must("create", "token", account, "--duration=1h").strip();
        try {
            var file = Files.createTempFile(account, ".kubeconfig");
            file.toFile().deleteOnExit();
            return Files.writeString(
                    file,
                    """
                    apiVersion: v1
                    kind: Config
                    current-context: it
                    contexts: [{name: it, context: {cluster: it, user: it, namespace: %s}}]
                    clusters: [{name: it, cluster: %s}]
                    users: [{name: it, user: {token: %s}}]
                    """
                            .formatted(name, cluster, token));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        admin.run("delete", "namespace", name, "--wait=false");
    }
}
