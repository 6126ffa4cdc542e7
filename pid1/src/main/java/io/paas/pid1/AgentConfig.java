package io.paas.pid1;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/// What the agent needs to know, read once from its environment. Only the first three have no
/// default in a Pod; the others are for tests.
///
/// @param runDir the volume shared with the main container
record AgentConfig(
        String podName,
        String podNamespace,
        String podUid,
        URI kubernetes,
        Path credentials,
        Path runDir,
        Path lifecycleFile,
        Path launcher,
        int processPort,
        int lifecyclePort) {
    static AgentConfig from(Map<String, String> env) {
        String host = env.getOrDefault("KUBERNETES_SERVICE_HOST", "kubernetes.default.svc");
        String port = env.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
        String url = "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        return new AgentConfig(
                required(env, "POD_NAME"),
                required(env, "POD_NAMESPACE"),
                required(env, "POD_UID"),
                URI.create(env.getOrDefault("MIDDLEWARE_KUBERNETES_URL", url)),
                path(
                        env,
                        "MIDDLEWARE_CREDENTIALS",
                        "/var/run/secrets/kubernetes.io/serviceaccount"),
                path(env, "MIDDLEWARE_RUN_DIR", "/run/middleware"),
                path(env, "MIDDLEWARE_LIFECYCLE_FILE", "/opt/extension/lifecycle.yaml"),
                path(env, "MIDDLEWARE_LAUNCHER", "/opt/middleware/bin/launcher"),
                port(env, "MIDDLEWARE_PROCESS_PORT", 9871),
                port(env, "MIDDLEWARE_LIFECYCLE_PORT", 9872));
    }

    private static String required(Map<String, String> env, String name) {
        String value = env.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("the environment variable " + name + " is needed");
        }
        return value;
    }

    private static Path path(Map<String, String> env, String name, String otherwise) {
        return Path.of(env.getOrDefault(name, otherwise));
    }

    private static int port(Map<String, String> env, String name, int otherwise) {
        String value = env.get(name);
        try {
            return value == null ? otherwise : Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a port, not " + value, e);
        }
    }
}
