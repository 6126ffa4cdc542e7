package io.paas.controllers;

import io.paas.controllers.runtime.Selector;
import io.paas.kube.client.RateLimit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What the process is told from outside: by its environment what depends on the Pod, by flags what
/// a person may choose.
///
/// @param podName identity in the Lease and prefix of the token key's id
/// @param namespace where the Lease lives
/// @param httpPort of `/livez`, `/readyz` and `/metrics`
/// @param concurrency reconciles of one kind at once
/// @param kubeApiQps calls to kube-apiserver per second on average; -1 for no limit
/// @param kubeApiBurst calls at once after a pause
/// @param watchNamespaces whose objects are looked at; empty for all
/// @param selector of the clusters that are run, and of sets without a cluster
public record ControllersConfig(
        String podName,
        String namespace,
        int httpPort,
        int concurrency,
        double kubeApiQps,
        int kubeApiBurst,
        List<String> watchNamespaces,
        Selector selector) {

    private static final String QPS = "kube-api-qps";
    private static final String BURST = "kube-api-burst";
    private static final String NAMESPACES = "watch-namespaces";
    private static final String SELECTOR = "selector";
    // A DNS label (RFC 1123), as kube-apiserver takes it for a namespace.
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    public static ControllersConfig from(Map<String, String> environment, String... arguments) {
        Flags flags = new Flags(arguments, List.of(QPS, BURST, NAMESPACES, SELECTOR));
        return new ControllersConfig(
                required(environment, "POD_NAME"),
                required(environment, "POD_NAMESPACE"),
                number(environment, "HTTP_PORT", 8080),
                number(environment, "CONCURRENT_RECONCILES", 16),
                flags.get(QPS, 200.0, ControllersConfig::qps),
                flags.get(BURST, 400, ControllersConfig::burst),
                flags.get(NAMESPACES, List.of(), ControllersConfig::namespaces),
                flags.get(SELECTOR, Selector.EVERYTHING, Selector::parse));
    }

    /// Empty when nothing is limited.
    Optional<RateLimit> rateLimit() {
        return kubeApiQps < 0
                ? Optional.empty()
                : Optional.of(new RateLimit(kubeApiQps, kubeApiBurst));
    }

    private static double qps(String value) {
        try {
            double qps = Double.parseDouble(value);
            if (qps == -1 || (qps > 0 && qps <= 1_000_000)) {
                return qps;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new IllegalArgumentException("a number above 0, or -1 for no limit");
    }

    private static int burst(String value) {
        try {
            int burst = Integer.parseInt(value);
            if (burst > 0) {
                return burst;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new IllegalArgumentException("a whole number from 1");
    }

    private static List<String> namespaces(String value) {
        List<String> namespaces = Flags.commaSeparated(value);
        for (String namespace : namespaces) {
            if (!NAMESPACE.matcher(namespace).matches()) {
                throw new IllegalArgumentException(
                        "'" + namespace + "' is no name of a namespace; names with commas between");
            }
        }
        if (namespaces.stream().distinct().count() < namespaces.size()) {
            throw new IllegalArgumentException("a namespace is there twice");
        }
        return namespaces;
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
