package io.paas.test.bench;

import com.fasterxml.jackson.databind.JsonNode;

/// What is created by the hundreds.
enum Kind {
    STATEFUL_SET("StatefulSet", "/apis/apps/v1/namespaces/%s/statefulsets") {
        @Override
        String manifest(String name, boolean claims) {
            return set("apps/v1", "StatefulSet", name, claims);
        }

        @Override
        boolean isReady(JsonNode object) {
            return hasReadyPods(object);
        }
    },

    EX_POD_SET("ExPodSet", "/apis/paas.io/v1/namespaces/%s/expodsets") {
        @Override
        String manifest(String name, boolean claims) {
            return set("paas.io/v1", "ExPodSet", name, claims);
        }

        @Override
        boolean isReady(JsonNode object) {
            return hasReadyPods(object);
        }
    },

    /// Of the package in `src/test/resources/bench/extension`; claims or not is its decision.
    CLUSTER("MiddlewareCluster", "/apis/paas.io/v1/namespaces/%s/middlewareclusters") {
        @Override
        String manifest(String name, boolean claims) {
            return """
            {"apiVersion": "paas.io/v1", "kind": "MiddlewareCluster", "metadata": {"name": "%s"},
             "spec": {"type": "bench", "extensionVersion": "1.0.0", "version": "1",
               "topology": "plain"}}"""
                    .formatted(name);
        }

        @Override
        boolean isReady(JsonNode object) {
            return object.at("/status/phase").asText().equals("Running");
        }
    };

    static final int PODS = 3;

    private static final String CLAIMS =
            """
            "volumeClaimTemplates": [{"metadata": {"name": "data"},
              "spec": {"accessModes": ["ReadWriteOnce"],
                "resources": {"requests": {"storage": "1Gi"}}}}],""";

    private final String text;
    private final String path;

    Kind(String text, String path) {
        this.text = text;
        this.path = path;
    }

    abstract String manifest(String name, boolean claims);

    /// Whether its controller says that all Pods are ready.
    abstract boolean isReady(JsonNode object);

    String path(String namespace) {
        return path.formatted(namespace);
    }

    @Override
    public String toString() {
        return text;
    }

    private static boolean hasReadyPods(JsonNode object) {
        return object.at("/status/readyReplicas").asInt() == PODS
                && object.at("/status/observedGeneration").asLong()
                        == object.at("/metadata/generation").asLong();
    }

    /// Word for word the same for both; the defaults of both are OrderedReady and RollingUpdate.
    private static String set(String version, String kind, String name, boolean claims) {
        return """
        {"apiVersion": "%s", "kind": "%s", "metadata": {"name": "%4$s"},
         "spec": {"replicas": %3$d, "serviceName": "bench", %5$s
           "selector": {"matchLabels": {"app": "%4$s"}},
           "template": {"metadata": {"labels": {"app": "%4$s"}},
             "spec": {"nodeName": "%6$s",
               "containers": [{"name": "main", "image": "registry.test/main:1"}]}}}}"""
                .formatted(version, kind, PODS, name, claims ? CLAIMS : "", Plane.NODE);
    }
}
