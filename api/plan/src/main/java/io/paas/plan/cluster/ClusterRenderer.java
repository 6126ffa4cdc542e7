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
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Renders a valid package for one cluster. The planner has checked the inputs against it.
final class ClusterRenderer {

    private final String cluster;
    private final String namespace;
    private final ExtensionPackage extension;
    private final ClusterInputs inputs;
    private final Topology topology;
    private final Map<String, String> parameters;
    private final Function<String, Stream<RevisionContent>> rendered;

    private ClusterRenderer(
            String cluster,
            String namespace,
            ExtensionPackage extension,
            ClusterInputs inputs,
            Function<String, Stream<RevisionContent>> rendered) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.extension = extension;
        this.inputs = inputs;
        this.topology = extension.topology(inputs.topology()).orElseThrow();
        this.parameters = Parameters.effective(topology, inputs.topologyParameters());
        this.rendered = rendered;
    }

    /// @param rendered earlier contents to look for a group in, by its name, the best first: what
    ///   did not change is taken from there and not rendered again, since another platform version
    ///   may render it differently
    static RevisionContent render(
            String cluster,
            String namespace,
            ExtensionPackage extension,
            ClusterInputs inputs,
            Function<String, Stream<RevisionContent>> rendered) {
        return new ClusterRenderer(cluster, namespace, extension, inputs, rendered).content();
    }

    private RevisionContent content() {
        return new RevisionContent(
                inputs,
                extension.type(),
                extension.roles(),
                ports(),
                Stream.concat(topologyGroups(), extraGroups()).toList());
    }

    private Stream<RevisionContent.Group> topologyGroups() {
        return topology.groups().stream()
                .map(group -> group(group.name(), group.staticGroup(), group.unit()));
    }

    private Stream<RevisionContent.Group> extraGroups() {
        return inputs.groups().stream()
                .map(ClusterInputs.Group::name)
                .filter(name -> topology.group(name).isEmpty())
                .map(
                        name -> {
                            String from = inputs.shape(name, null).orElseThrow().from();
                            return group(
                                    name, null, topology.extraGroup(from).orElseThrow().unit());
                        });
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

    /// @param byDefault the topology's static group for it; null when the group is the user's own
    private RevisionContent.Group group(String name, @Nullable String byDefault, Unit unit) {
        return rendered.apply(name)
                .filter(earlier -> inputs.sameFor(name, byDefault, earlier.inputs()))
                .flatMap(earlier -> earlier.group(name).stream())
                .findFirst()
                .orElseGet(() -> fresh(name, byDefault, unit));
    }

    private RevisionContent.Group fresh(String name, @Nullable String byDefault, Unit unit) {
        ClusterInputs.Shape chosen = inputs.shape(name, byDefault).orElseThrow();
        StaticGroup shape = extension.staticGroup(chosen.from()).orElseThrow();
        PodRenderer pod =
                new PodRenderer(
                        cluster,
                        namespace,
                        extension,
                        inputs,
                        name,
                        shape,
                        chosen.resources(),
                        parameters);
        return new RevisionContent.Group(
                name,
                chosen.staticGroup(),
                byDefault == null ? true : null,
                size(unit),
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
