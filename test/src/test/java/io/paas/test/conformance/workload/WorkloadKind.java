package io.paas.test.conformance.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// Where the kinds under test are found and how they write what StatefulSet has a word for.
enum WorkloadKind {
    STATEFUL_SET("apps/v1", "StatefulSet", "statefulsets") {
        @Override
        ObjectNode rollingUpdate(String field, int value) {
            return KubeApi.parse(
                    """
                    {"spec": {"updateStrategy": {"type": "RollingUpdate",
                      "rollingUpdate": {"%s": %d}}}}"""
                            .formatted(field, value));
        }

        @Override
        ObjectNode onDelete() {
            return KubeApi.parse(
                    """
                    {"spec": {"updateStrategy": {"type": "OnDelete", "rollingUpdate": null}}}""");
        }

        @Override
        ObjectNode startOrdinal(int start) {
            String ordinals = start == 0 ? "null" : "{\"start\": " + start + "}";
            return KubeApi.parse("{\"spec\": {\"ordinals\": " + ordinals + "}}");
        }
    },

    EX_POD_SET("paas.io/v1", "ExPodSet", "expodsets") {
        @Override
        ObjectNode rollingUpdate(String field, int value) {
            return KubeApi.parse(
                    """
                    {"spec": {"updateStrategy": {"type": "RollingUpdate", "%s": %d}}}"""
                            .formatted(field, value));
        }

        @Override
        ObjectNode onDelete() {
            return KubeApi.parse("{\"spec\": {\"updateStrategy\": {\"type\": \"OnDelete\"}}}");
        }

        // Offline ordinals can say more; all below the start is what StatefulSet can say.
        @Override
        ObjectNode startOrdinal(int start) {
            String offline = start == 0 ? "" : "\"0-" + (start - 1) + "\"";
            return KubeApi.parse("{\"spec\": {\"offlineOrdinals\": [" + offline + "]}}");
        }
    };

    private final String apiVersion;
    private final String kind;
    private final String plural;

    WorkloadKind(String apiVersion, String kind, String plural) {
        this.apiVersion = apiVersion;
        this.kind = kind;
        this.plural = plural;
    }

    /// A merge patch, as the following ones.
    abstract ObjectNode rollingUpdate(String field, int value);

    abstract ObjectNode onDelete();

    abstract ObjectNode startOrdinal(int start);

    String apiVersion() {
        return apiVersion;
    }

    String path(String namespace) {
        return "/apis/" + apiVersion + "/namespaces/" + namespace + "/" + plural;
    }

    /// Of all namespaces.
    String path() {
        return "/apis/" + apiVersion + "/" + plural;
    }

    @Override
    public String toString() {
        return kind;
    }
}
