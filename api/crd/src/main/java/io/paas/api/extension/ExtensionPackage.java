package io.paas.api.extension;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.ExPodSet.OnFailure;
import io.paas.api.v1.ExtensionCatalog.ParameterType;
import io.paas.wire.RestartPolicy;
import io.paas.wire.ServicesFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A valid extension package. Every reference in it leads somewhere: [ExtensionParser] makes no
/// other.
///
/// @param roles the first is the primary's, the second the replicas'
/// @param pods partial core/v1 PodTemplateSpecs with placeholders, by static group
/// @param configs texts of configuration files by file name
public record ExtensionPackage(
        String type,
        String version,
        String displayName,
        String description,
        String lifecycleImage,
        List<MiddlewareVersion> middlewareVersions,
        List<String> upgradableFrom,
        List<UpgradePath> upgradePaths,
        List<String> roles,
        List<Topology> topologies,
        List<StaticGroup> staticGroups,
        List<Endpoint> endpoints,
        OwnPodKeys ownPodKeys,
        Hooks hooks,
        Map<String, JsonNode> pods,
        Map<String, String> configs) {

    /// One version of the middleware itself.
    ///
    /// @param images by the name that `${image.<name>}` has in Pod templates
    public record MiddlewareVersion(String version, Map<String, String> images) {}

    public record UpgradePath(String from, String to, boolean reversible) {}

    public record Topology(
            String name,
            String description,
            List<Parameter> parameters,
            List<Group> groups,
            List<ExtraGroup> extraGroups) {

        public Optional<Group> group(String wanted) {
            return groups.stream().filter(g -> g.name().equals(wanted)).findFirst();
        }

        public Optional<ExtraGroup> extraGroup(String staticGroup) {
            return extraGroups.stream()
                    .filter(g -> g.staticGroup().equals(staticGroup))
                    .findFirst();
        }

        public Optional<Parameter> parameter(String wanted) {
            return parameters.stream().filter(p -> p.name().equals(wanted)).findFirst();
        }
    }

    /// One parameter of a topology; `minimum` and `maximum` only of an integer.
    public record Parameter(
            String name,
            ParameterType type,
            String defaultValue,
            @Nullable Integer minimum,
            @Nullable Integer maximum,
            String description) {}

    public record Group(String name, String staticGroup, Unit unit) {}

    /// Leave to add groups of this static group, each of a size that the unit allows.
    public record ExtraGroup(String staticGroup, Unit unit) {}

    /// What a group is sized by: one member with its followers.
    ///
    /// @param parameter the parameter whose value plus one is the number of Pods of a unit
    public record Unit(
            String name, @Nullable String parameter, int minimum, int maximum, int defaultUnits) {}

    public record StaticGroup(
            String name, MainProcess process, List<Port> ports, List<VolumeClaim> volumeClaims) {}

    /// The one process of a Pod's main container.
    ///
    /// @param healthCheck whether the lifecycle image has a `health-check`, so that a new process
    ///   is not ready before it passed
    /// @param stop run in order; the last step should be KILL
    public record MainProcess(
            String name,
            List<String> argv,
            Map<String, String> env,
            @Nullable String cwd,
            RestartPolicy restart,
            boolean healthCheck,
            List<StopStep> stop) {

        /// A process that nobody judges becomes ready after that time: readiness does not need the
        /// agent.
        private static final int AWAIT_VERDICT_MILLIS = 10_000;

        /// The launcher's table with this process.
        ///
        /// @throws IllegalArgumentException when the launcher could not run it
        public ServicesFile services() {
            List<ServicesFile.StopStep> steps =
                    stop.stream()
                            .map(s -> new ServicesFile.StopStep(s.signal(), s.timeoutMillis()))
                            .toList();
            return new ServicesFile(
                    List.of(
                            new ServicesFile.Service(
                                    name,
                                    argv,
                                    env,
                                    cwd,
                                    restart,
                                    null,
                                    null,
                                    healthCheck ? AWAIT_VERDICT_MILLIS : null,
                                    steps,
                                    Map.of(),
                                    Map.of())));
        }
    }

    public record StopStep(String signal, int timeoutSeconds) {
        long timeoutMillis() {
            return timeoutSeconds * 1000L;
        }
    }

    public record Port(String name, int port) {}

    public record VolumeClaim(String name, String mountPath, String defaultSize) {}

    /// What clients connect to.
    public record Endpoint(String name, String group, String port) {}

    /// Keys of its own Pod that an agent may patch.
    public record OwnPodKeys(List<String> labels, List<String> annotations) {}

    public record Hooks(
            @Nullable PostScaleOut postScaleOut,
            @Nullable PreScaleIn preScaleIn,
            @Nullable RestartOrder restartOrder) {}

    public record PostScaleOut(
            int timeoutSeconds, int retries, int retryIntervalSeconds, OnFailure onFailure) {}

    public record PreScaleIn(
            int timeoutSeconds,
            int retries,
            int retryIntervalSeconds,
            int deadlineSeconds,
            ExPodSet.OnLeaveFailure onFailure) {}

    public record RestartOrder(int timeoutSeconds, ExPodSet.OnOrderFailure onFailure) {}

    public Optional<Topology> topology(String wanted) {
        return topologies.stream().filter(t -> t.name().equals(wanted)).findFirst();
    }

    public Optional<StaticGroup> staticGroup(String wanted) {
        return staticGroups.stream().filter(g -> g.name().equals(wanted)).findFirst();
    }

    public Optional<MiddlewareVersion> middlewareVersion(String wanted) {
        return middlewareVersions.stream().filter(v -> v.version().equals(wanted)).findFirst();
    }
}
