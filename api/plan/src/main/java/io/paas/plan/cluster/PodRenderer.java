package io.paas.plan.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.paas.api.extension.ExtensionPackage;
import io.paas.api.extension.ExtensionPackage.StaticGroup;
import io.paas.api.extension.Placeholders;
import io.paas.api.json.Json;
import io.paas.api.meta.Annotations;
import io.paas.api.meta.Labels;
import io.paas.api.meta.Names;
import io.paas.api.v1.MiddlewareCluster;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Completes a package's partial Pod template: labels, the launcher and the agent, their volumes,
/// the environment and Pod Security *restricted*.
final class PodRenderer {

    static final String SERVICES_KEY = "services";
    static final String CONFIG_PREFIX = "config.";

    private static final String RUN = "middleware-run";
    private static final String FILES = "middleware-files";
    private static final String CONFIG = "middleware-config";
    private static final String AUTH = "middleware-auth";
    private static final String TOKEN = "middleware-token";
    private static final String TMP = "middleware-tmp";
    private static final String LAUNCHER = "/opt/middleware/bin/launcher";
    // The agent's launcher runs as this user, too; the shared volume belongs to the group.
    private static final int USER = 10001;
    private static final int DEFAULT_GRACE_SECONDS = 60;

    private final String cluster;
    private final ExtensionPackage extension;
    private final ClusterInputs inputs;
    private final String group;
    private final StaticGroup shape;
    private final MiddlewareCluster.@Nullable Resources resources;
    private final Map<String, String> values;

    PodRenderer(
            String cluster,
            String namespace,
            ExtensionPackage extension,
            ClusterInputs inputs,
            String group,
            StaticGroup shape,
            MiddlewareCluster.@Nullable Resources resources,
            Map<String, String> parameters) {
        this.cluster = cluster;
        this.extension = extension;
        this.inputs = inputs;
        this.group = group;
        this.shape = shape;
        this.resources = resources;
        this.values = new TreeMap<>();
        values.put("cluster", cluster);
        values.put("namespace", namespace);
        values.put("group", group);
        values.put("version", inputs.version());
        parameters.forEach((name, value) -> values.put("parameter." + name, value));
        extension
                .middlewareVersion(inputs.version())
                .orElseThrow()
                .images()
                .forEach((name, image) -> values.put("image." + name, image));
    }

    ObjectNode template() {
        JsonNode source = extension.pods().getOrDefault(shape.name(), Tree.object());
        ObjectNode template = (ObjectNode) Placeholders.fill(source, values);
        metadata(Tree.child(template, "metadata"));
        spec(Tree.child(template, "spec"));
        return template;
    }

    private void metadata(ObjectNode metadata) {
        ObjectNode labels = Tree.child(metadata, "labels");
        labels.put(Labels.NAME, extension.type());
        labels.put(Labels.INSTANCE, cluster);
        labels.put(Labels.VERSION, inputs.version());
        labels.put(Labels.COMPONENT, group);
        labels.put(Labels.MANAGED_BY, Labels.MANAGED_BY_VALUE);
        labels.put(Labels.CLUSTER, cluster);
        labels.put(Labels.GROUP, group);
        Tree.child(metadata, "annotations")
                .put("kubectl.kubernetes.io/default-container", Names.MAIN_CONTAINER);
    }

    private void spec(ObjectNode spec) {
        spec.put("serviceAccountName", Names.agentServiceAccount(cluster));
        spec.put("automountServiceAccountToken", false);
        // Kubernetes' own variables of every Service of the namespace: thousands in a large one.
        spec.put("enableServiceLinks", false);
        if (!spec.has("terminationGracePeriodSeconds")) {
            spec.put("terminationGracePeriodSeconds", DEFAULT_GRACE_SECONDS);
        }
        podSecurity(Tree.child(spec, "securityContext"));
        ArrayNode containers = Tree.list(spec, "containers");
        ArrayNode initContainers = Tree.list(spec, "initContainers");
        containers.forEach(container -> containerSecurity((ObjectNode) container));
        initContainers.forEach(container -> containerSecurity((ObjectNode) container));
        main((ObjectNode) containers.get(0));
        // Before the package's own: those may need what the launcher installs.
        initContainers.insert(0, launcher());
        initContainers.insert(1, agent());
        volumes(Tree.list(spec, "volumes"));
        if (!inputs.imagePullSecrets().isEmpty()) {
            spec.set("imagePullSecrets", Tree.array(inputs.imagePullSecrets()));
        }
    }

    private void main(ObjectNode main) {
        main.set(
                "command",
                Tree.array(
                        "/run/middleware/bin/launcher",
                        "run",
                        "/etc/middleware/services/" + SERVICES_KEY));
        // Answered by the launcher without Java, within a second of a change (SC-003). A 503 counts
        // at once; a late answer on a busy machine is no sign of the database, so it may take
        // longer.
        main.set(
                "readinessProbe",
                Tree.object(
                        "httpGet",
                        Tree.object("path", "/readyz", "port", Names.READY_PORT),
                        "periodSeconds",
                        1,
                        "timeoutSeconds",
                        3,
                        "failureThreshold",
                        1));
        environment().forEach(Tree.list(main, "env")::add);
        ArrayNode ports = Tree.list(main, "ports");
        shape.ports()
                .forEach(p -> ports.add(Tree.object("name", p.name(), "containerPort", p.port())));
        ArrayNode mounts = Tree.list(main, "volumeMounts");
        commonMounts().forEach(mounts::add);
        mounts.add(mount(FILES, "/etc/middleware/services", true));
        if (!extension.configs().isEmpty()) {
            mounts.add(mount(CONFIG, "/etc/middleware/config", true));
        }
        shape.volumeClaims().forEach(c -> mounts.add(mount(c.name(), c.mountPath(), false)));
        if (resources != null) {
            main.set("resources", Json.tree(resources));
        }
    }

    private ObjectNode launcher() {
        ObjectNode launcher =
                Tree.object(
                        "name",
                        Names.LAUNCHER_CONTAINER,
                        "image",
                        extension.lifecycleImage(),
                        "command",
                        Tree.array(LAUNCHER, "install", "/run/middleware"),
                        "resources",
                        resources("10m", "16Mi", "64Mi"),
                        "volumeMounts",
                        Tree.array(mount(RUN, "/run/middleware", false)));
        containerSecurity(launcher);
        return launcher;
    }

    /// A native sidecar (KEP-753): up before main, down after it.
    private ObjectNode agent() {
        ArrayNode mounts = Tree.array(commonMounts());
        mounts.add(mount(TOKEN, "/var/run/secrets/kubernetes.io/serviceaccount", true));
        mounts.add(mount(TMP, "/tmp", false));
        ObjectNode agent =
                Tree.object(
                        "name",
                        Names.AGENT_CONTAINER,
                        "image",
                        extension.lifecycleImage(),
                        "restartPolicy",
                        "Always",
                        "command",
                        Tree.array(LAUNCHER, "run", "/opt/middleware/etc/agent.services"),
                        "env",
                        Tree.array(environment()),
                        "ports",
                        Tree.array(
                                Tree.object(
                                        "name",
                                        "supervisor",
                                        "containerPort",
                                        Names.SUPERVISOR_PORT),
                                Tree.object(
                                        "name",
                                        "lifecycle",
                                        "containerPort",
                                        Names.LIFECYCLE_PORT)),
                        "resources",
                        resources("20m", "96Mi", "256Mi"),
                        "volumeMounts",
                        mounts);
        containerSecurity(agent);
        return agent;
    }

    private List<ObjectNode> commonMounts() {
        ObjectNode run = mount(RUN, "/run/middleware", false);
        return inputs.authSecretRef() == null
                ? List.of(run)
                : List.of(run, mount(AUTH, "/etc/middleware/auth", true));
    }

    private void volumes(ArrayNode volumes) {
        volumes.add(Tree.object("name", RUN, "emptyDir", Tree.object()));
        volumes.add(Tree.object("name", TMP, "emptyDir", Tree.object()));
        volumes.add(configMap(FILES, Tree.array(item(SERVICES_KEY, SERVICES_KEY))));
        if (!extension.configs().isEmpty()) {
            ArrayNode items = Tree.array();
            extension.configs().keySet().stream()
                    .sorted()
                    .forEach(file -> items.add(item(CONFIG_PREFIX + file, file)));
            volumes.add(configMap(CONFIG, items));
        }
        if (inputs.authSecretRef() != null) {
            volumes.add(
                    Tree.object(
                            "name",
                            AUTH,
                            "secret",
                            Tree.object(
                                    "secretName",
                                    inputs.authSecretRef().name(),
                                    "items",
                                    Tree.array(item("password", "password")))));
        }
        volumes.add(token());
    }

    /// What the kubelet would mount into every container by itself; here the agent alone gets it.
    private ObjectNode token() {
        return Tree.object(
                "name",
                TOKEN,
                "projected",
                Tree.object(
                        "sources",
                        Tree.array(
                                Tree.object(
                                        "serviceAccountToken",
                                        Tree.object("path", "token", "expirationSeconds", 3607)),
                                Tree.object(
                                        "configMap",
                                        Tree.object(
                                                "name",
                                                "kube-root-ca.crt",
                                                "items",
                                                Tree.array(item("ca.crt", "ca.crt")))),
                                Tree.object(
                                        "downwardAPI",
                                        Tree.object(
                                                "items",
                                                Tree.array(
                                                        Tree.object(
                                                                "path",
                                                                "namespace",
                                                                "fieldRef",
                                                                field("metadata.namespace"))))))));
    }

    private List<ObjectNode> environment() {
        return List.of(
                fromField("POD_NAME", "metadata.name"),
                fromField("POD_NAMESPACE", "metadata.namespace"),
                fromField("POD_IP", "status.podIP"),
                fromField("POD_UID", "metadata.uid"),
                variable("MIDDLEWARE_CLUSTER", cluster),
                variable("MIDDLEWARE_TYPE", extension.type()),
                variable("MIDDLEWARE_VERSION", inputs.version()),
                variable("MIDDLEWARE_GROUP", group),
                variable("MIDDLEWARE_SERVICE", Names.expodset(cluster, group)),
                fromField("MIDDLEWARE_ORDINAL", "metadata.labels['" + Labels.ORDINAL + "']"),
                fromField(
                        "MIDDLEWARE_PROCESS_STATE",
                        "metadata.annotations['" + Annotations.PROCESS_STATE + "']"));
    }

    private static void podSecurity(ObjectNode context) {
        for (String name : List.of("runAsUser", "runAsGroup", "fsGroup")) {
            if (!context.has(name)) {
                context.put(name, USER);
            }
        }
        context.put("runAsNonRoot", true);
        // A volume of millions of files would otherwise be walked at each start of a Pod.
        context.put("fsGroupChangePolicy", "OnRootMismatch");
        context.set("seccompProfile", Tree.object("type", "RuntimeDefault"));
    }

    private static void containerSecurity(ObjectNode container) {
        ObjectNode context = Tree.child(container, "securityContext");
        context.put("allowPrivilegeEscalation", false);
        if (!context.has("readOnlyRootFilesystem")) {
            context.put("readOnlyRootFilesystem", true);
        }
        Tree.child(context, "capabilities").set("drop", Tree.array("ALL"));
    }

    private ObjectNode configMap(String volume, ArrayNode items) {
        return Tree.object(
                "name",
                volume,
                "configMap",
                Tree.object("name", Names.expodset(cluster, group), "items", items));
    }

    private static ObjectNode resources(String cpu, String memory, String memoryLimit) {
        return Tree.object(
                "requests",
                Tree.object("cpu", cpu, "memory", memory),
                "limits",
                Tree.object("memory", memoryLimit));
    }

    private static ObjectNode mount(String volume, String path, boolean readOnly) {
        ObjectNode mount = Tree.object("name", volume, "mountPath", path);
        return readOnly ? mount.put("readOnly", true) : mount;
    }

    private static ObjectNode item(String key, String path) {
        return Tree.object("key", key, "path", path);
    }

    private static ObjectNode variable(String name, String value) {
        return Tree.object("name", name, "value", value);
    }

    private static ObjectNode fromField(String name, String path) {
        return Tree.object("name", name, "valueFrom", Tree.object("fieldRef", field(path)));
    }

    private static ObjectNode field(String path) {
        return Tree.object("apiVersion", "v1", "fieldPath", path);
    }
}
