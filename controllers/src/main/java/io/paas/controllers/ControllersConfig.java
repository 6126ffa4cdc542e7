package io.paas.controllers;

import java.util.Map;

/// What the process is told from outside.
///
/// @param podName identity in the Lease and prefix of the token key's id
/// @param namespace where the Lease lives
/// @param httpPort of `/healthz`, `/readyz` and `/metrics`
/// @param concurrency reconciles of one kind at once
public record ControllersConfig(String podName, String namespace, int httpPort, int concurrency) {

    public static ControllersConfig from(Map<String, String> environment) {
        return new ControllersConfig(
                required(environment, "POD_NAME"),
                required(environment, "POD_NAMESPACE"),
                number(environment, "HTTP_PORT", 8080),
                number(environment, "CONCURRENT_RECONCILES", 16));
    }

    private static String required(Map<String, String> environment, String key) {
        String value = environment.get(key);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(key + " is not set");
        }
        return value;
    }

    private static int number(Map<String, String> environment, String key, int otherwise) {
        String value = environment.get(key);
        if (value == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value);
            if (number > 0 && number <= 65535) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Said below, with the key's name.
        }
        throw new IllegalArgumentException(
                key + ": '" + value + "' is no number between 1 and 65535");
    }
}
