package io.paas.test.bench;

import io.paas.test.support.KubeApiServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Who the contestants are; by this the audit log tells their requests from those of others.
enum Account {
    CONTROLLERS("middleware-system", "middleware-controllers"),
    API_SERVER("middleware-system", "middleware-apiserver"),
    KUBE_CONTROLLER_MANAGER("kube-system", "statefulset-control");

    private final String namespace;
    private final String account;

    Account(String namespace, String account) {
        this.namespace = namespace;
        this.account = account;
    }

    String user() {
        return "system:serviceaccount:" + namespace + ":" + account;
    }

    static List<String> users() {
        return Arrays.stream(values()).map(Account::user).toList();
    }

    /// The platform's accounts have the rights that the bundle gives them; the control's own are
    /// not what is measured.
    static void createAll(KubeApiServer server) {
        for (Account each : values()) {
            server.kubectl("create", "serviceaccount", each.account, "-n", each.namespace);
        }
        server.kubectl(
                "create",
                "clusterrolebinding",
                KUBE_CONTROLLER_MANAGER.account,
                "--clusterrole=cluster-admin",
                "--serviceaccount="
                        + KUBE_CONTROLLER_MANAGER.namespace
                        + ":"
                        + KUBE_CONTROLLER_MANAGER.account);
    }

    /// A kubeconfig file of this account.
    Path login(KubeApiServer server, Path folder) {
        String token =
                server.kubectl("create", "token", account, "-n", namespace, "--duration=24h")
                        .strip();
        try {
            return Files.writeString(
                    folder.resolve(account + ".kubeconfig"),
                    Files.readString(server.kubeconfig()).replace(server.adminToken(), token));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
