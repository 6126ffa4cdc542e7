package io.paas.apiserver;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What this process is told by its environment, read once at the start.
///
/// @param port 0 takes any free one
/// @param drainDelay how long a stopping server keeps serving, so that everyone sees that it is not
///   ready; longer than an endpoint's removal takes to spread
/// @param drainTimeout how long requests under way may take after that
/// @param podName names this process's token key
public record ServerConfig(
        String host,
        int port,
        Path certificate,
        Path key,
        Duration drainDelay,
        Duration drainTimeout,
        String podName,
        String version) {

    private static final String PREFIX = "MIDDLEWARE_APISERVER_";
    private static final Set<String> KEYS =
            Set.of(
                    "HOST",
                    "PORT",
                    "TLS_CERTIFICATE",
                    "TLS_KEY",
                    "DRAIN_DELAY_SECONDS",
                    "DRAIN_TIMEOUT_SECONDS",
                    "VERSION");

    /// Reads the environment.
    ///
    /// @throws IllegalArgumentException when a value is unknown or malformed; the message names it
    public static ServerConfig from(Map<String, String> environment) {
        Set<String> unknown = new TreeSet<>();
        for (String key : environment.keySet()) {
            // Kubernetes itself adds <SERVICE>_PORT and _SERVICE_* for a Service of this name.
            if (key.startsWith(PREFIX)
                    && !isOfService(key.substring(PREFIX.length()))
                    && !KEYS.contains(key.substring(PREFIX.length()))) {
                unknown.add(key);
            }
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "unknown " + unknown + "; known: " + new TreeSet<>(KEYS) + " after " + PREFIX);
        }
        return new ServerConfig(
                text(environment, "HOST", "0.0.0.0"),
                number(environment, "PORT", 8443, 0, 65535),
                Path.of(text(environment, "TLS_CERTIFICATE", "/etc/middleware/tls/tls.crt")),
                Path.of(text(environment, "TLS_KEY", "/etc/middleware/tls/tls.key")),
                Duration.ofSeconds(number(environment, "DRAIN_DELAY_SECONDS", 5, 0, 300)),
                Duration.ofSeconds(number(environment, "DRAIN_TIMEOUT_SECONDS", 60, 0, 600)),
                environment.getOrDefault("POD_NAME", "middleware-apiserver"),
                text(environment, "VERSION", "0.1.0"));
    }

    private static boolean isOfService(String rest) {
        return rest.startsWith("SERVICE_") || rest.startsWith("PORT_");
    }

    private static String text(Map<String, String> environment, String key, String fallback) {
        String value = environment.getOrDefault(PREFIX + key, fallback);
        if (value.isBlank()) {
            throw new IllegalArgumentException(PREFIX + key + " is empty");
        }
        return value;
    }

    private static int number(
            Map<String, String> environment, String key, int fallback, int minimum, int maximum) {
        String value = environment.get(PREFIX + key);
        if (value == null || (key.equals("PORT") && value.startsWith("tcp://"))) {
            return fallback;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= minimum && number <= maximum) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, with the range.
        }
        throw new IllegalArgumentException(
                PREFIX + key + "=" + value + " is not a number from " + minimum + " to " + maximum);
    }
}
