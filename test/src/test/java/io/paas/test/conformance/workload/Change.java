package io.paas.test.conformance.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.stream.Collectors;

/// Something to say about a set, when it is created or later.
@FunctionalInterface
interface Change {

    /// A merge patch (RFC 7386) of the set.
    ObjectNode of(WorkloadKind kind);

    static Change replicas(int replicas) {
        return spec("\"replicas\": " + replicas);
    }

    /// Whose Pods become ready by themselves; image `missing` cannot be pulled.
    static Change image(String image) {
        return containers("{\"name\": \"web\", \"image\": \"" + image + "\"}");
    }

    /// Whose Pods run and wait for [Workload#passProbe].
    static Change heldImage(String image) {
        return containers(
                """
                {"name": "web", "image": "%s", "readinessProbe": {"exec": {"command": ["ready"]}}}"""
                        .formatted(image));
    }

    /// Beside another container that answers SIGTERM with exit code 1.
    static Change imageBesideFailing(String image) {
        return containers(
                """
                {"name": "web", "image": "%s"}, {"name": "exit-with-1", "image": "sh"}"""
                        .formatted(image));
    }

    private static Change containers(String containers) {
        return spec("\"template\": {\"spec\": {\"containers\": [" + containers + "]}}");
    }

    /// Nobody schedules Pods here: they stay Pending until a test binds them.
    static Change unscheduled() {
        return spec("\"template\": {\"spec\": {\"nodeName\": null}}");
    }

    /// Beside the selector's.
    static Change podLabel(String key, String value) {
        return spec(
                "\"template\": {\"metadata\": {\"labels\": {\"%s\": \"%s\"}}}"
                        .formatted(key, value));
    }

    /// A volume of the Pods.
    ///
    /// @param more members of its source
    static Change configMapVolume(String more) {
        return spec(
                """
                "template": {"spec": {"volumes": [
                  {"name": "files", "configMap": {"name": "files"%s}}]}}"""
                        .formatted(more));
    }

    static Change parallel() {
        return spec("\"podManagementPolicy\": \"Parallel\"");
    }

    static Change partition(int partition) {
        return kind -> kind.rollingUpdate("partition", partition);
    }

    static Change maxUnavailable(int maxUnavailable) {
        return kind -> kind.rollingUpdate("maxUnavailable", maxUnavailable);
    }

    static Change onDelete() {
        return WorkloadKind::onDelete;
    }

    static Change startOrdinal(int start) {
        return kind -> kind.startOrdinal(start);
    }

    /// ExPodSet only.
    static Change offlineOrdinals(String... ordinals) {
        return spec(
                Arrays.stream(ordinals)
                        .map(ordinal -> '"' + ordinal + '"')
                        .collect(Collectors.joining(", ", "\"offlineOrdinals\": [", "]")));
    }

    static Change minReadySeconds(int seconds) {
        return spec("\"minReadySeconds\": " + seconds);
    }

    static Change revisionHistoryLimit(int limit) {
        return spec("\"revisionHistoryLimit\": " + limit);
    }

    /// One claim for each Pod, `data-<pod>`.
    static Change claims() {
        return spec(
                """
                "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {
                  "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}]""");
    }

    /// What becomes of the claims.
    ///
    /// @param whenDeleted `Retain` or `Delete`, as the other
    static Change claimRetention(String whenDeleted, String whenScaled) {
        return spec(
                """
                "persistentVolumeClaimRetentionPolicy": {
                  "whenDeleted": "%s", "whenScaled": "%s"}"""
                        .formatted(whenDeleted, whenScaled));
    }

    private static Change spec(String members) {
        return _ -> KubeApi.parse("{\"spec\": {" + members + "}}");
    }
}
