package io.paas.plan.cluster;

import io.paas.api.extension.ExtensionPackage;
import io.paas.api.extension.ExtensionPackage.Topology;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.MiddlewareCluster.DynamicGroup;
import io.paas.api.v1.MiddlewareCluster.StaticGroup;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is wrong with a spec's static and dynamic groups. Admission refuses the same.
final class GroupProblems {

    private final MiddlewareCluster.Spec spec;
    private final ExtensionPackage extension;
    private final Topology topology;

    private GroupProblems(
            MiddlewareCluster.Spec spec, ExtensionPackage extension, Topology topology) {
        this.spec = spec;
        this.extension = extension;
        this.topology = topology;
    }

    /// The first one, with its field and what is allowed.
    static Optional<String> of(
            MiddlewareCluster.Spec spec, ExtensionPackage extension, Topology topology) {
        GroupProblems problems = new GroupProblems(spec, extension, topology);
        return Stream.concat(
                        spec.staticGroups().stream().map(problems::staticGroup),
                        spec.dynamicGroups().stream().map(problems::dynamicGroup))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<String> staticGroup(StaticGroup group) {
        String from = Objects.requireNonNullElse(group.from(), group.name());
        String path = "spec.staticGroups[" + group.name() + "].from: ";
        if (extension.staticGroup(from).isEmpty()) {
            return Optional.of(path + from + " is unknown; known: " + names(extensionNames()));
        }
        boolean hides = !from.equals(group.name()) && extensionNames().contains(group.name());
        return hides
                ? Optional.of(
                        path
                                + "must be unset, because "
                                + group.name()
                                + " is a static group of the extension itself")
                : Optional.empty();
    }

    private Optional<String> dynamicGroup(DynamicGroup group) {
        Optional<ExtensionPackage.Group> declared = topology.group(group.name());
        String byDefault = declared.map(ExtensionPackage.Group::staticGroup).orElse(null);
        String chosen = group.staticGroup() == null ? byDefault : group.staticGroup();
        if (chosen == null) {
            return Optional.of(
                    "spec.dynamicGroups["
                            + group.name()
                            + "].staticGroup: must be set, because it is not a group of topology "
                            + topology.name()
                            + "; its groups: "
                            + names(topology.groups().stream().map(g -> g.name()).toList())
                            + "; allowed for more: "
                            + names(extras()));
        }
        String path = "spec.dynamicGroups[" + group.name() + "].staticGroup: ";
        String from = from(chosen);
        if (from == null) {
            return Optional.of(path + chosen + " is unknown; known: " + names(known()));
        }
        if (byDefault != null && !from.equals(byDefault)) {
            return Optional.of(path + "must be " + byDefault + " or made from it");
        }
        boolean allowed = byDefault != null || topology.extraGroup(from).isPresent();
        return allowed
                ? Optional.empty()
                : Optional.of(
                        path
                                + "topology "
                                + topology.name()
                                + " has no further groups of "
                                + from
                                + "; allowed: "
                                + names(extras()));
    }

    private @Nullable String from(String staticGroup) {
        return spec.staticGroups().stream()
                .filter(group -> group.name().equals(staticGroup))
                .map(group -> Objects.requireNonNullElse(group.from(), group.name()))
                .findFirst()
                .orElse(extensionNames().contains(staticGroup) ? staticGroup : null);
    }

    private Collection<String> known() {
        TreeSet<String> names = new TreeSet<>(extensionNames());
        spec.staticGroups().forEach(group -> names.add(group.name()));
        return names;
    }

    private List<String> extensionNames() {
        return extension.staticGroups().stream().map(g -> g.name()).toList();
    }

    private List<String> extras() {
        return topology.extraGroups().stream().map(g -> g.staticGroup()).toList();
    }

    private static String names(Collection<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", names);
    }
}
