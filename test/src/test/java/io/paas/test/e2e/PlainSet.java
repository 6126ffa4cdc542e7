package io.paas.test.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/// A standalone ExPodSet of two Pods that only sleep, each with a sidecar that does the same.
record PlainSet(Kubectl kubectl, String name) {

    /// Makes it.
    ///
    /// @param strategy fields of its spec, as YAML in flow style, such as `podManagementPolicy: …`
    static PlainSet create(Kubectl kubectl, String name, String strategy) {
        kubectl.mustInput(
                """
                apiVersion: paas.io/v1
                kind: ExPodSet
                metadata: {name: %1$s}
                spec:
                  replicas: 2
                  serviceName: %1$s
                  selector: {matchLabels: {app: %1$s}}
                %2$s
                  template:
                    metadata: {labels: {app: %1$s}}
                    spec:
                      terminationGracePeriodSeconds: 1
                      securityContext:
                        runAsNonRoot: true
                        runAsUser: 10001
                        seccompProfile: {type: RuntimeDefault}
                      containers:
                %3$s
                %4$s
                """
                        .formatted(
                                name,
                                strategy.indent(2).stripTrailing(),
                                container("main"),
                                container("side")),
                "create",
                "-f",
                "-");
        return new PlainSet(kubectl, name);
    }

    private static String container(String name) {
        return """
        - name: %s
          image: localhost/middleware/redis:7.0
          command: [sleep, infinity]
          resources: {requests: {cpu: 5m, memory: 8Mi}}
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: {drop: [ALL]}
        """
                .formatted(name)
                .indent(6)
                .stripTrailing();
    }

    JsonNode get() {
        return kubectl.json("get", "eps", name);
    }

    JsonNode pod(int ordinal) {
        return kubectl.json("get", "pod", name + "-" + ordinal);
    }

    /// One JSON patch operation on the spec of the template.
    void change(String op, String path, String value) {
        kubectl.must(
                "patch",
                "eps",
                name,
                "--type=json",
                "-p",
                "[{\"op\": \"%s\", \"path\": \"/spec/template/spec/%s\", \"value\": %s}]"
                        .formatted(op, path, value));
    }

    PlainSet awaitReady(Duration limit) {
        Await.until(name + " to be ready and up to date", limit, this::get, PlainSet::isDone);
        return this;
    }

    private static boolean isDone(JsonNode set) {
        JsonNode status = set.path("status");
        return status.path("observedGeneration").equals(set.at("/metadata/generation"))
                && Pods.condition(set, "Ready").equals("True")
                && status.path("readyReplicas").asInt() == 2
                && status.path("updatedReplicas").asInt() == 2;
    }
}
