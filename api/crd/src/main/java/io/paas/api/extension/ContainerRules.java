package io.paas.api.extension;

import static io.paas.api.extension.PodRules.node;
import static io.paas.api.extension.PodRules.object;
import static io.paas.api.extension.PodRules.text;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one container of a package's Pod template must not say.
final class ContainerRules {

    private static final String RESTRICTED = "is not allowed by Pod Security 'restricted'";
    private static final Set<String> ENV = Set.of("POD_NAME", "POD_NAMESPACE", "POD_IP", "POD_UID");
    private static final Set<String> SELINUX_TYPES =
            Set.of("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t");

    private final Problems problems;
    private final String key;

    ContainerRules(Problems problems, String key) {
        this.problems = problems;
        this.key = key;
    }

    /// What holds for every container of the package.
    void check(String path, YamlNode.Fields container) {
        if (text(container, "image") == null) {
            problems.at(key, path, "'image' is missing");
        }
        securityContext(path + ".securityContext", object(container, "securityContext"));
        ports(path, container);
        env(path, container);
        mounts(path, container);
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            host(path + "." + probe, object(container, probe));
        }
        YamlNode.Fields lifecycle = object(container, "lifecycle");
        if (lifecycle != null) {
            for (String hook : List.of("postStart", "preStop")) {
                host(path + ".lifecycle." + hook, object(lifecycle, hook));
            }
        }
    }

    /// What holds for the container that the launcher runs in.
    void main(String path, YamlNode.Fields container) {
        for (String name :
                List.of(
                        "command",
                        "args",
                        "readinessProbe",
                        "livenessProbe",
                        "startupProbe",
                        "lifecycle",
                        "restartPolicy")) {
            if (container.fields().containsKey(name)) {
                problems.at(
                        key,
                        path + "." + name,
                        "is the platform's; say in extension.yaml's 'process' how main runs");
            }
        }
    }

    /// Of a Pod or of a container.
    void securityContext(String path, YamlNode.@Nullable Fields context) {
        if (context == null) {
            return;
        }
        unless(path, context, "privileged", "false");
        unless(path, context, "allowPrivilegeEscalation", "false");
        unless(path, context, "runAsNonRoot", "true");
        unless(path, context, "procMount", "Default");
        if ("0".equals(text(context, "runAsUser"))) {
            problems.at(key, path + ".runAsUser", "0 " + RESTRICTED);
        }
        if (context.fields().containsKey("windowsOptions")) {
            problems.at(key, path + ".windowsOptions", "is not supported");
        }
        for (String profile : List.of("seccompProfile", "appArmorProfile")) {
            YamlNode.Fields node = object(context, profile);
            if (node != null && "Unconfined".equals(text(node, "type"))) {
                problems.at(key, path + "." + profile + ".type", "Unconfined " + RESTRICTED);
            }
        }
        seLinux(path, object(context, "seLinuxOptions"));
        capabilities(path, object(context, "capabilities"));
    }

    private void unless(String path, YamlNode.Fields context, String name, String allowed) {
        String value = text(context, name);
        if (value != null && !value.equals(allowed)) {
            problems.at(key, path + "." + name, value + " " + RESTRICTED);
        }
    }

    private void seLinux(String path, YamlNode.@Nullable Fields options) {
        if (options == null) {
            return;
        }
        String type = text(options, "type");
        if (type != null && !SELINUX_TYPES.contains(type)) {
            problems.at(key, path + ".seLinuxOptions.type", "'" + type + "' " + RESTRICTED);
        }
        for (String name : List.of("user", "role")) {
            if (options.fields().containsKey(name)) {
                problems.at(key, path + ".seLinuxOptions." + name, RESTRICTED);
            }
        }
    }

    private void capabilities(String path, YamlNode.@Nullable Fields capabilities) {
        if (capabilities == null || !(node(capabilities, "add") instanceof YamlNode.Items added)) {
            return;
        }
        for (int i = 0; i < added.items().size(); i++) {
            if (added.items().get(i) instanceof YamlNode.Scalar capability
                    && !capability.text().equals("NET_BIND_SERVICE")) {
                problems.at(
                        key,
                        path + ".capabilities.add[" + i + "]",
                        capability.text() + " " + RESTRICTED + "; allowed: NET_BIND_SERVICE");
            }
        }
    }

    private void ports(String path, YamlNode.Fields container) {
        if (!(node(container, "ports") instanceof YamlNode.Items items)) {
            return;
        }
        for (int i = 0; i < items.items().size(); i++) {
            if (items.items().get(i) instanceof YamlNode.Fields port) {
                for (String name : List.of("hostPort", "hostIP")) {
                    if (port.fields().containsKey(name)) {
                        String at = path + ".ports[" + i + "]." + name;
                        problems.at(key, at, "is not allowed: it opens a port of the node");
                    }
                }
            }
        }
    }

    private void env(String path, YamlNode.Fields container) {
        if (!(node(container, "env") instanceof YamlNode.Items items)) {
            return;
        }
        for (int i = 0; i < items.items().size(); i++) {
            if (items.items().get(i) instanceof YamlNode.Fields variable) {
                String name = text(variable, "name");
                if (name != null && (ENV.contains(name) || name.startsWith("MIDDLEWARE_"))) {
                    problems.at(
                            key,
                            path + ".env[" + i + "].name",
                            "'" + name + "' is set by the platform");
                }
            }
        }
    }

    /// Only the agent holds the Pod's token, and only platform mounts lie where it looks.
    private void mounts(String path, YamlNode.Fields container) {
        if (!(node(container, "volumeMounts") instanceof YamlNode.Items items)) {
            return;
        }
        for (int i = 0; i < items.items().size(); i++) {
            if (items.items().get(i) instanceof YamlNode.Fields mount) {
                String name = text(mount, "name");
                // Sidecars may reach the launcher's socket directory; nothing else of ours.
                if (name != null
                        && name.startsWith("middleware-")
                        && !name.equals("middleware-run")) {
                    problems.at(
                            key,
                            path + ".volumeMounts[" + i + "].name",
                            "'" + name + "' is not for the package's containers");
                }
                if (node(mount, "mountPropagation") != null) {
                    problems.at(
                            key,
                            path + ".volumeMounts[" + i + "].mountPropagation",
                            "is not allowed");
                }
            }
        }
    }

    private void host(String path, YamlNode.@Nullable Fields handler) {
        if (handler == null) {
            return;
        }
        for (String kind : List.of("httpGet", "tcpSocket")) {
            YamlNode.Fields target = object(handler, kind);
            if (target != null && target.fields().containsKey("host")) {
                problems.at(
                        key,
                        path + "." + kind + ".host",
                        "is not allowed: the kubelet would call any host");
            }
        }
    }
}
