package io.paas.plan.cluster;

import io.paas.api.json.Json;
import io.paas.api.v1.LocalReference;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.MiddlewareCluster.StaticGroup;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// All that a revision is rendered from. Replicas, process state and `paused` are not among them.
///
/// @param extension name of the Extension
/// @param digest of the Extension's content
/// @param staticGroups the user's, by name
/// @param groups those whose static group the user names, by name
public record ClusterInputs(
        String extension,
        String digest,
        String extensionVersion,
        String version,
        String topology,
        Map<String, String> topologyParameters,
        List<StaticGroup> staticGroups,
        List<Group> groups,
        MiddlewareCluster.@Nullable Storage storage,
        MiddlewareCluster.@Nullable Resources resources,
        @Nullable LocalReference authSecretRef,
        List<LocalReference> imagePullSecrets) {

    /// A dynamic group's choice of a static group.
    public record Group(String name, String staticGroup) {}

    /// What the Pods of one group are made from, beside what they share with all groups.
    ///
    /// @param from the extension's static group
    public record Shape(
            String staticGroup, String from, MiddlewareCluster.@Nullable Resources resources) {}

    public ClusterInputs {
        topologyParameters = topologyParameters == null ? Map.of() : topologyParameters;
        staticGroups = staticGroups == null ? List.of() : staticGroups;
        groups = groups == null ? List.of() : groups;
        imagePullSecrets = imagePullSecrets == null ? List.of() : imagePullSecrets;
    }

    public static ClusterInputs of(MiddlewareCluster.Spec spec, String extension, String digest) {
        return new ClusterInputs(
                extension,
                digest,
                spec.extensionVersion(),
                spec.version(),
                spec.topology(),
                spec.topologyParameters(),
                spec.staticGroups().stream()
                        .sorted(Comparator.comparing(StaticGroup::name))
                        .toList(),
                spec.dynamicGroups().stream()
                        .filter(group -> group.staticGroup() != null)
                        .map(group -> new Group(group.name(), group.staticGroup()))
                        .sorted(Comparator.comparing(Group::name))
                        .toList(),
                spec.storage(),
                spec.resources(),
                spec.authSecretRef(),
                spec.imagePullSecrets());
    }

    /// Compares what is written, because a number read twice need not be the same Java class.
    public boolean sameAs(ClusterInputs other) {
        return Json.write(this).equals(Json.write(other));
    }

    /// Whether a group of this name is rendered from the same in both.
    ///
    /// @param byDefault the topology's static group for it; null when it is the user's own
    boolean sameFor(String group, @Nullable String byDefault, ClusterInputs other) {
        return shared().sameAs(other.shared())
                && shape(group, byDefault)
                        .map(Json::write)
                        .equals(other.shape(group, byDefault).map(Json::write));
    }

    /// @param byDefault the topology's static group for it; null when it is the user's own
    Optional<Shape> shape(String group, @Nullable String byDefault) {
        return Optional.ofNullable(chosen(group).orElse(byDefault)).map(this::shape);
    }

    Optional<StaticGroup> staticGroup(String name) {
        return staticGroups.stream().filter(group -> group.name().equals(name)).findFirst();
    }

    private Optional<String> chosen(String group) {
        return groups.stream()
                .filter(g -> g.name().equals(group))
                .map(Group::staticGroup)
                .findFirst();
    }

    private Shape shape(String name) {
        Optional<StaticGroup> own = staticGroup(name);
        return new Shape(
                name,
                own.map(StaticGroup::from).orElse(name),
                own.map(StaticGroup::resources).orElse(resources));
    }

    /// Without what each group has for itself.
    private ClusterInputs shared() {
        return new ClusterInputs(
                extension,
                digest,
                extensionVersion,
                version,
                topology,
                topologyParameters,
                List.of(),
                List.of(),
                storage,
                null,
                authSecretRef,
                imagePullSecrets);
    }
}
