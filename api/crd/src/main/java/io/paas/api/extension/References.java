package io.paas.api.extension;

import io.paas.api.extension.ExtensionPackage.Endpoint;
import io.paas.api.extension.ExtensionPackage.ExtraGroup;
import io.paas.api.extension.ExtensionPackage.Group;
import io.paas.api.extension.ExtensionPackage.MiddlewareVersion;
import io.paas.api.extension.ExtensionPackage.Parameter;
import io.paas.api.extension.ExtensionPackage.Port;
import io.paas.api.extension.ExtensionPackage.StaticGroup;
import io.paas.api.extension.ExtensionPackage.Topology;
import io.paas.api.extension.ExtensionPackage.Unit;
import io.paas.api.extension.ExtensionPackage.UpgradePath;
import io.paas.api.extension.ExtensionPackage.VolumeClaim;
import io.paas.api.meta.Labels;
import io.paas.api.meta.Names;
import io.paas.api.v1.ExtensionCatalog.ParameterType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// Checks what the fields of `extension.yaml` say of each other: names stand once, and whatever is
/// referred to exists.
final class References {

    private static final Set<Integer> PLATFORM_PORTS =
            Set.of(Names.READY_PORT, Names.SUPERVISOR_PORT, Names.LIFECYCLE_PORT);

    // <cluster>-primary and <cluster>-replicas are Services, and so is <cluster>-<group>.
    private static final Set<String> SERVICES = Set.of("primary", "replicas");

    private final ExtensionPackage extension;
    private final Problems problems;

    private References(ExtensionPackage extension, Problems problems) {
        this.extension = extension;
        this.problems = problems;
    }

    static void check(ExtensionPackage extension, Problems problems) {
        References references = new References(extension, problems);
        references.versions();
        references.unique("topologies", extension.topologies(), Topology::name);
        for (int i = 0; i < extension.topologies().size(); i++) {
            references.topology("topologies[" + i + "]", extension.topologies().get(i));
        }
        references.unique("staticGroups", extension.staticGroups(), StaticGroup::name);
        for (int i = 0; i < extension.staticGroups().size(); i++) {
            references.staticGroup("staticGroups[" + i + "]", extension.staticGroups().get(i));
        }
        references.unique("endpoints", extension.endpoints(), Endpoint::name);
        for (int i = 0; i < extension.endpoints().size(); i++) {
            references.endpoint("endpoints[" + i + "]", extension.endpoints().get(i));
        }
        references.ownPodKeys();
    }

    private void versions() {
        List<MiddlewareVersion> versions = extension.middlewareVersions();
        unique("middlewareVersions", versions, MiddlewareVersion::version);
        Set<String> known = new TreeSet<>();
        versions.forEach(version -> known.add(version.version()));
        List<UpgradePath> paths = extension.upgradePaths();
        unique("upgradePaths", paths, path -> path.from() + " -> " + path.to());
        for (int i = 0; i < paths.size(); i++) {
            UpgradePath path = paths.get(i);
            known("upgradePaths[" + i + "].from", path.from(), known);
            known("upgradePaths[" + i + "].to", path.to(), known);
            if (path.from().equals(path.to())) {
                wrong("upgradePaths[" + i + "].to", "must differ from 'from'");
            }
        }
        if (extension.upgradableFrom().contains(extension.version())) {
            wrong("upgradableFrom", "must not hold this version itself");
        }
    }

    private void topology(String path, Topology topology) {
        unique(path + ".parameters", topology.parameters(), Parameter::name);
        unique(path + ".groups", topology.groups(), Group::name);
        for (int i = 0; i < topology.groups().size(); i++) {
            Group group = topology.groups().get(i);
            String at = path + ".groups[" + i + "]";
            if (SERVICES.contains(group.name())) {
                wrong(at + ".name", "'" + group.name() + "' is the name of a Service already");
            }
            known(at + ".staticGroup", group.staticGroup(), staticGroupNames());
            unit(at, group.unit(), topology);
        }
        unique(path + ".extraGroups", topology.extraGroups(), ExtraGroup::staticGroup);
        for (int i = 0; i < topology.extraGroups().size(); i++) {
            ExtraGroup extra = topology.extraGroups().get(i);
            String at = path + ".extraGroups[" + i + "]";
            known(at + ".staticGroup", extra.staticGroup(), staticGroupNames());
            unit(at, extra.unit(), topology);
        }
        if (!topology.extraGroups().isEmpty() && extension.hooks().postScaleOut() != null) {
            // What joined by a hook must be let go by one, and there is none yet.
            wrong(
                    path + ".extraGroups",
                    "not together with hooks.postScaleOut: its members could not leave again");
        }
    }

    private void unit(String at, Unit unit, Topology topology) {
        String parameter = unit.parameter();
        if (parameter != null) {
            Set<String> integers = new TreeSet<>();
            topology.parameters().stream()
                    .filter(p -> p.type() == ParameterType.INTEGER)
                    .forEach(p -> integers.add(p.name()));
            known(at + ".unit.parameter", parameter, integers);
        }
    }

    private void staticGroup(String path, StaticGroup group) {
        unique(path + ".ports", group.ports(), Port::name);
        unique(path + ".volumeClaims", group.volumeClaims(), VolumeClaim::name);
        Set<Integer> numbers = new HashSet<>();
        for (int i = 0; i < group.ports().size(); i++) {
            int port = group.ports().get(i).port();
            if (PLATFORM_PORTS.contains(port)) {
                wrong(path + ".ports[" + i + "].port", port + " is the platform's own");
            } else if (!numbers.add(port)) {
                wrong(path + ".ports[" + i + "].port", port + " stands twice");
            }
        }
        if (extension.topologies().stream().noneMatch(topology -> uses(topology, group.name()))) {
            wrong(path + ".name", "no group of a topology uses it");
        }
    }

    private static boolean uses(Topology topology, String staticGroup) {
        return topology.extraGroup(staticGroup).isPresent()
                || topology.groups().stream().anyMatch(g -> g.staticGroup().equals(staticGroup));
    }

    private void endpoint(String path, Endpoint endpoint) {
        Set<String> groups = new TreeSet<>();
        Set<String> ports = new TreeSet<>();
        for (Topology topology : extension.topologies()) {
            for (Group group : topology.groups()) {
                groups.add(group.name());
                if (group.name().equals(endpoint.group())) {
                    extension
                            .staticGroup(group.staticGroup())
                            .ifPresent(g -> g.ports().forEach(port -> ports.add(port.name())));
                }
            }
        }
        known(path + ".group", endpoint.group(), groups);
        if (groups.contains(endpoint.group())) {
            known(path + ".port", endpoint.port(), ports);
        }
    }

    private void ownPodKeys() {
        List<String> labels = extension.ownPodKeys().labels();
        for (int i = 0; i < labels.size(); i++) {
            if (PodRules.isReserved(labels.get(i)) && !labels.get(i).equals(Labels.ROLE)) {
                wrong(
                        "ownPodKeys.labels[" + i + "]",
                        "'" + labels.get(i) + "' is the platform's own");
            }
        }
        List<String> annotations = extension.ownPodKeys().annotations();
        for (int i = 0; i < annotations.size(); i++) {
            if (PodRules.isReserved(annotations.get(i))) {
                wrong(
                        "ownPodKeys.annotations[" + i + "]",
                        "'" + annotations.get(i) + "' is the platform's own");
            }
        }
    }

    private Set<String> staticGroupNames() {
        Set<String> names = new TreeSet<>();
        extension.staticGroups().forEach(group -> names.add(group.name()));
        return names;
    }

    private <T> void unique(String path, List<T> items, Function<T, String> name) {
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            String value = name.apply(items.get(i));
            if (seen.contains(value) && !value.isEmpty()) {
                wrong(path + "[" + i + "]", "'" + value + "' stands twice");
            }
            seen.add(value);
        }
    }

    private void known(String path, String value, Collection<String> names) {
        if (!value.isEmpty() && !names.contains(value)) {
            wrong(path, "'" + value + "' is unknown; " + Problems.allowed(names));
        }
    }

    private void wrong(String path, String message) {
        problems.at(ExtensionParser.MANIFEST, path, message);
    }
}
