package io.paas.api.extension;

import io.paas.api.extension.ExtensionPackage.StaticGroup;
import io.paas.api.meta.Labels;
import io.paas.api.meta.Names;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a package's Pod template must not say: the platform says it, or it would break out of the
/// Pod. Container by container in [ContainerRules].
final class PodRules {

    private static final String PLATFORM = "is set by the platform";
    private static final String HOST = "is not allowed: it gives access to the node";

    private static final Map<String, String> FORBIDDEN =
            Map.ofEntries(
                    Map.entry("hostNetwork", HOST),
                    Map.entry("hostPID", HOST),
                    Map.entry("hostIPC", HOST),
                    Map.entry("hostUsers", HOST),
                    Map.entry("nodeName", "is not allowed: it goes past the scheduler"),
                    Map.entry("serviceAccountName", PLATFORM),
                    Map.entry("serviceAccount", PLATFORM),
                    Map.entry("automountServiceAccountToken", PLATFORM),
                    Map.entry("hostname", PLATFORM),
                    Map.entry("hostnameOverride", PLATFORM),
                    Map.entry("subdomain", PLATFORM),
                    Map.entry("setHostnameAsFQDN", PLATFORM),
                    Map.entry("imagePullSecrets", PLATFORM),
                    Map.entry("restartPolicy", PLATFORM),
                    Map.entry("ephemeralContainers", "is not allowed in a template"),
                    Map.entry(
                            "shareProcessNamespace",
                            "is not allowed: the launcher must be PID 1 of its container"));

    // Pod Security Standards, restricted: "Volume Types".
    private static final Set<String> VOLUMES =
            Set.of(
                    "name",
                    "configMap",
                    "csi",
                    "downwardAPI",
                    "emptyDir",
                    "ephemeral",
                    "persistentVolumeClaim",
                    "projected",
                    "secret");

    // Pod Security Standards, baseline: "Sysctls".
    private static final Set<String> SYSCTLS =
            Set.of(
                    "kernel.shm_rmid_forced",
                    "net.ipv4.ip_local_port_range",
                    "net.ipv4.ip_unprivileged_port_start",
                    "net.ipv4.tcp_syncookies",
                    "net.ipv4.ping_group_range",
                    "net.ipv4.ip_local_reserved_ports",
                    "net.ipv4.tcp_keepalive_time",
                    "net.ipv4.tcp_fin_timeout",
                    "net.ipv4.tcp_keepalive_intvl",
                    "net.ipv4.tcp_keepalive_probes");

    private static final Pattern RESERVED =
            Pattern.compile(
                    "middleware\\.paas\\.io/.*|app\\.kubernetes\\.io/.*|apps\\.kubernetes\\.io/.*"
                            + "|container\\.apparmor\\.security\\.beta\\.kubernetes\\.io/.*"
                            + "|.*\\.alpha\\.kubernetes\\.io/.*|"
                            + Pattern.quote(Labels.REVISION));

    private final Problems problems;
    private final String key;
    private final StaticGroup group;

    PodRules(Problems problems, String key, StaticGroup group) {
        this.problems = problems;
        this.key = key;
        this.group = group;
    }

    /// Labels and annotations that mean something to the platform or the kubelet.
    static boolean isReserved(String metadataKey) {
        return RESERVED.matcher(metadataKey).matches();
    }

    void check(YamlNode.Fields pod) {
        metadata(pod);
        YamlNode.Fields spec = object(pod, "spec");
        if (spec == null) {
            problems.at(key, "", "'spec' with the container 'main' is missing");
            return;
        }
        for (String name : spec.fields().keySet()) {
            String reason = FORBIDDEN.get(name);
            if (reason != null) {
                problems.at(key, "spec." + name, reason);
            }
        }
        ContainerRules containers = new ContainerRules(problems, key);
        containers.securityContext("spec.securityContext", object(spec, "securityContext"));
        sysctls(object(spec, "securityContext"));
        containers(spec, containers);
        volumes(spec);
    }

    private void metadata(YamlNode.Fields pod) {
        YamlNode.Fields metadata = object(pod, "metadata");
        if (metadata == null) {
            return;
        }
        for (String name : metadata.fields().keySet()) {
            if (!name.equals("labels") && !name.equals("annotations")) {
                problems.at(key, "metadata." + name, PLATFORM + "; allowed: annotations, labels");
                continue;
            }
            YamlNode.Fields entries = object(metadata, name);
            if (entries != null) {
                entries.fields().keySet().stream()
                        .filter(PodRules::isReserved)
                        .forEach(
                                entry ->
                                        problems.at(
                                                key,
                                                "metadata." + name + "." + entry,
                                                "is the platform's own"));
            }
        }
    }

    private void containers(YamlNode.Fields spec, ContainerRules rules) {
        Set<String> names = new HashSet<>();
        for (String list : new String[] {"containers", "initContainers"}) {
            if (!(node(spec, list) instanceof YamlNode.Items items)) {
                continue;
            }
            for (int i = 0; i < items.items().size(); i++) {
                String path = "spec." + list + "[" + i + "]";
                if (items.items().get(i) instanceof YamlNode.Fields container) {
                    rules.check(path, container);
                    name(path, text(container, "name"), list, i, names);
                    if (list.equals("containers") && i == 0) {
                        rules.main(path, container);
                    }
                }
            }
        }
        if (!names.contains(Names.MAIN_CONTAINER)) {
            problems.at(key, "spec", "the first of 'containers' must be named 'main'");
        }
    }

    private void name(
            String path, @Nullable String name, String list, int index, Set<String> names) {
        if (name == null) {
            return;
        }
        boolean first = list.equals("containers") && index == 0;
        if (name.equals(Names.AGENT_CONTAINER) || name.equals(Names.LAUNCHER_CONTAINER)) {
            problems.at(key, path + ".name", "'" + name + "' is the platform's own container");
        } else if (first != name.equals(Names.MAIN_CONTAINER)) {
            problems.at(
                    key,
                    path + ".name",
                    "the first of 'containers', and no other, is named 'main'");
        }
        if (!names.add(name)) {
            problems.at(key, path + ".name", "'" + name + "' stands twice");
        }
    }

    private void volumes(YamlNode.Fields spec) {
        if (!(node(spec, "volumes") instanceof YamlNode.Items items)) {
            return;
        }
        for (int i = 0; i < items.items().size(); i++) {
            if (items.items().get(i) instanceof YamlNode.Fields volume) {
                volume("spec.volumes[" + i + "]", volume);
            }
        }
    }

    private void volume(String path, YamlNode.Fields volume) {
        for (String source : volume.fields().keySet()) {
            if (!VOLUMES.contains(source)) {
                problems.at(
                        key,
                        path + "." + source,
                        "is not allowed by Pod Security 'restricted'; "
                                + Problems.allowed(new TreeSet<>(VOLUMES)));
            }
        }
        String name = text(volume, "name");
        if (name != null && name.startsWith("middleware-")) {
            problems.at(
                    key, path + ".name", "names that begin with 'middleware-' are the platform's");
        } else if (group.volumeClaims().stream().anyMatch(c -> c.name().equals(name))) {
            problems.at(
                    key, path + ".name", "'" + name + "' is a volume claim of the group already");
        }
        YamlNode.Fields projected = object(volume, "projected");
        if (projected != null && node(projected, "sources") instanceof YamlNode.Items sources) {
            for (int i = 0; i < sources.items().size(); i++) {
                if (sources.items().get(i) instanceof YamlNode.Fields source
                        && source.fields().containsKey("serviceAccountToken")) {
                    // Only the agent may speak for its Pod.
                    problems.at(
                            key,
                            path + ".projected.sources[" + i + "].serviceAccountToken",
                            "is not allowed: only the agent has a token");
                }
            }
        }
    }

    private void sysctls(YamlNode.@Nullable Fields context) {
        if (context == null || !(node(context, "sysctls") instanceof YamlNode.Items items)) {
            return;
        }
        for (int i = 0; i < items.items().size(); i++) {
            if (items.items().get(i) instanceof YamlNode.Fields sysctl) {
                String name = text(sysctl, "name");
                if (name != null && !SYSCTLS.contains(name)) {
                    problems.at(
                            key,
                            "spec.securityContext.sysctls[" + i + "].name",
                            "'" + name + "' is not allowed by Pod Security 'restricted'");
                }
            }
        }
    }

    static @Nullable YamlNode node(YamlNode.Fields object, String name) {
        YamlNode.Field field = object.fields().get(name);
        return field == null ? null : field.value();
    }

    static YamlNode.@Nullable Fields object(YamlNode.Fields object, String name) {
        return node(object, name) instanceof YamlNode.Fields fields ? fields : null;
    }

    static @Nullable String text(YamlNode.Fields object, String name) {
        return node(object, name) instanceof YamlNode.Scalar scalar ? scalar.text() : null;
    }
}
