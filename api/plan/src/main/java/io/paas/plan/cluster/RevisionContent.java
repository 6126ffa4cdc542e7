package io.paas.plan.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.api.json.Json;
import io.paas.api.v1.ExPodSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a ControllerRevision of a cluster holds: enough to run the cluster when the extension, its
/// package or this platform version is gone.
///
/// @param roles the first is the primary's, the second the replicas'
/// @param ports what clients connect to, on the Services of the cluster
public record RevisionContent(
        ClusterInputs inputs,
        String type,
        List<String> roles,
        List<Port> ports,
        List<Group> groups) {

    public RevisionContent {
        roles = roles == null ? List.of() : roles;
        ports = ports == null ? List.of() : ports;
        groups = groups == null ? List.of() : groups;
    }

    /// One group with everything its ExPodSet needs but the number of Pods.
    ///
    /// @param staticGroup what its Pods are made from; null in revisions of older platforms
    /// @param extra true when it is the user's own and can be removed, else null
    /// @param template a complete core/v1 PodTemplateSpec
    /// @param files content of the group's ConfigMap
    /// @param restartOrder roles, the primary last
    public record Group(
            String name,
            @Nullable String staticGroup,
            @Nullable Boolean extra,
            Size size,
            List<Port> ports,
            JsonNode template,
            List<JsonNode> volumeClaimTemplates,
            Map<String, String> files,
            List<String> restartOrder,
            ExPodSet.@Nullable Hooks hooks) {

        public Group {
            ports = ports == null ? List.of() : ports;
            volumeClaimTemplates = volumeClaimTemplates == null ? List.of() : volumeClaimTemplates;
            files = files == null ? Map.of() : files;
            restartOrder = restartOrder == null ? List.of() : restartOrder;
        }

        public boolean isExtra() {
            return Boolean.TRUE.equals(extra);
        }

        /// Whether Pods may leave: a hook takes care of what they hold, or the group is the user's
        /// own, whose Pods hold nothing that others need.
        boolean scalesIn() {
            return isExtra() || (hooks != null && hooks.preScaleIn() != null);
        }

        /// Whether both make the same ExPodSet, but for its number of Pods.
        public boolean sameAs(Group other) {
            return Json.write(unnamed()).equals(Json.write(other.unnamed()));
        }

        /// Another name of the static group changes no Pod.
        private Group unnamed() {
            return new Group(
                    name,
                    null,
                    extra,
                    size,
                    ports,
                    template,
                    volumeClaimTemplates,
                    files,
                    restartOrder,
                    hooks);
        }
    }

    /// What numbers of Pods are possible.
    ///
    /// @param unit what a member with its followers is called
    /// @param podsPerUnit its number of Pods
    /// @param minimum and `maximum`, `defaultUnits`: numbers of units
    public record Size(String unit, int podsPerUnit, int minimum, int maximum, int defaultUnits) {

        public int defaultPods() {
            return podsPerUnit * defaultUnits;
        }

        /// Why so many Pods are impossible; empty when they are not.
        public Optional<String> problem(int pods) {
            if (pods % podsPerUnit != 0) {
                return Optional.of(
                        pods + " Pods are no whole number of " + unit + "s of " + podsPerUnit);
            }
            int units = pods / podsPerUnit;
            if (units < minimum || units > maximum) {
                return Optional.of(
                        pods
                                + " Pods are "
                                + units
                                + " "
                                + unit
                                + "s; allowed: "
                                + minimum
                                + " to "
                                + maximum);
            }
            return Optional.empty();
        }
    }

    public record Port(String name, int port) {}

    public Optional<Group> group(String wanted) {
        return groups.stream().filter(g -> g.name().equals(wanted)).findFirst();
    }
}
