package io.paas.plan.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.paas.api.extension.ExtensionPackage;
import io.paas.api.extension.ExtensionPackage.Group;
import io.paas.api.extension.ExtensionPackage.StaticGroup;
import io.paas.api.extension.ExtensionPackage.Topology;
import io.paas.api.extension.ExtensionPackage.Unit;
import io.paas.api.extension.ExtensionPackage.VolumeClaim;
import io.paas.api.extension.Parameters;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.MiddlewareCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Renders a valid package for one cluster. The planner has checked the inputs against it.
final class ClusterRenderer {

    private final String cluster;
    private final String namespace;
    private final ExtensionPackage extension;
    private final ClusterInputs inputs;
    private final Topology topology;
    private final Map<String, String> parameters;

    private ClusterRenderer(
            String cluster, String namespace, ExtensionPackage extension, ClusterInputs inputs) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.extension = extension;
        this.inputs = inputs;
        this.topology = extension.topology(inputs.topology()).orElseThrow();
        this.parameters = Parameters.effective(topology, inputs.topologyParameters());
    }

    static RevisionContent render(
            String cluster, String namespace, ExtensionPackage extension, ClusterInputs inputs) {
        return new ClusterRenderer(cluster, namespace, extension, inputs).content();
    }

    private RevisionContent content() {
        return new RevisionContent(
                inputs,
                extension.type(),
                extension.roles(),
                ports(),
                topology.groups().stream().map(this::group).toList());
    }

    private List<RevisionContent.Port> ports() {
        List<RevisionContent.Port> ports = new ArrayList<>();
        for (ExtensionPackage.Endpoint endpoint : extension.endpoints()) {
            topology.group(endpoint.group())
                    .map(this::staticGroup)
                    .flatMap(
                            group ->
                                    group.ports().stream()
                                            .filter(p -> p.name().equals(endpoint.port()))
                                            .findFirst())
                    .ifPresent(p -> ports.add(new RevisionContent.Port(p.name(), p.port())));
        }
        return ports;
    }

    private RevisionContent.Group group(Group group) {
        StaticGroup shape = staticGroup(group);
        PodRenderer pod =
                new PodRenderer(
                        cluster, namespace, extension, inputs, group.name(), shape, parameters);
        return new RevisionContent.Group(
                group.name(),
                size(group.unit()),
                shape.ports().stream()
                        .map(p -> new RevisionContent.Port(p.name(), p.port()))
                        .toList(),
                pod.template(),
                shape.volumeClaims().stream().map(this::claim).toList(),
                files(shape),
                extension.roles().reversed(),
                hooks());
    }

    private RevisionContent.Size size(Unit unit) {
        int followers =
                unit.parameter() == null
                        ? 0
                        : Integer.parseInt(parameters.getOrDefault(unit.parameter(), "0"));
        return new RevisionContent.Size(
                unit.name(), 1 + followers, unit.minimum(), unit.maximum(), unit.defaultUnits());
    }

    private JsonNode claim(VolumeClaim claim) {
        MiddlewareCluster.Storage storage =
                Objects.requireNonNullElse(
                        inputs.storage(), new MiddlewareCluster.Storage(null, null));
        String size = Objects.requireNonNullElse(storage.size(), claim.defaultSize());
        ObjectNode spec =
                Tree.object(
                        "accessModes",
                        Tree.array("ReadWriteOnce"),
                        "resources",
                        Tree.object("requests", Tree.object("storage", size)));
        if (storage.className() != null) {
            spec.put("storageClassName", storage.className());
        }
        return Tree.object("metadata", Tree.object("name", claim.name()), "spec", spec);
    }

    private Map<String, String> files(StaticGroup shape) {
        Map<String, String> files = new TreeMap<>();
        files.put(PodRenderer.SERVICES_KEY, shape.process().services().toText());
        extension
                .configs()
                .forEach((file, text) -> files.put(PodRenderer.CONFIG_PREFIX + file, text));
        return files;
    }

    private ExPodSet.Hooks hooks() {
        ExtensionPackage.Hooks hooks = extension.hooks();
        return new ExPodSet.Hooks(
                postScaleOut(hooks.postScaleOut()),
                preScaleIn(hooks.preScaleIn()),
                restartOrder(hooks.restartOrder()));
    }

    private ExPodSet.@Nullable PostScaleOut postScaleOut(
            ExtensionPackage.@Nullable PostScaleOut hook) {
        return hook == null
                ? null
                : new ExPodSet.PostScaleOut(
                        hook.timeoutSeconds(),
                        hook.retries(),
                        hook.retryIntervalSeconds(),
                        hook.onFailure(),
                        parameters);
    }

    private ExPodSet.@Nullable PreScaleIn preScaleIn(ExtensionPackage.@Nullable PreScaleIn hook) {
        return hook == null
                ? null
                : new ExPodSet.PreScaleIn(
                        hook.timeoutSeconds(),
                        hook.retries(),
                        hook.retryIntervalSeconds(),
                        hook.deadlineSeconds(),
                        hook.onFailure(),
                        parameters);
    }

    private ExPodSet.@Nullable RestartOrder restartOrder(
            ExtensionPackage.@Nullable RestartOrder hook) {
        return hook == null
                ? null
                : new ExPodSet.RestartOrder(hook.timeoutSeconds(), hook.onFailure(), parameters);
    }

    private StaticGroup staticGroup(Group group) {
        return extension.staticGroup(group.staticGroup()).orElseThrow();
    }
}
