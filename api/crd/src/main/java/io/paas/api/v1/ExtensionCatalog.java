package io.paas.api.v1;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What admission policies know of the installed extensions; one object, named [#NAME].
public record ExtensionCatalog(
        String apiVersion, String kind, V1ObjectMeta metadata, Map<String, MiddlewareType> types)
        implements Resource {

    public static final String NAME = "catalog";

    public ExtensionCatalog {
        types = types == null ? Map.of() : types;
    }

    public record MiddlewareType(Map<String, Version> extensions) {
        public MiddlewareType {
            extensions = extensions == null ? Map.of() : extensions;
        }
    }

    /// One usable extension version.
    ///
    /// @param paths declared upgrade steps and their reverse edges, as `from->to`
    /// @param scalesIn whether it declares hook preScaleIn
    public record Version(
            List<String> versions,
            List<String> upgradableFrom,
            List<String> paths,
            @Nullable Boolean scalesIn,
            List<String> staticGroups,
            Map<String, Topology> topologies) {

        public Version {
            versions = versions == null ? List.of() : versions;
            upgradableFrom = upgradableFrom == null ? List.of() : upgradableFrom;
            paths = paths == null ? List.of() : paths;
            staticGroups = staticGroups == null ? List.of() : staticGroups;
            topologies = topologies == null ? Map.of() : topologies;
        }
    }

    /// One topology of an extension version.
    ///
    /// @param extraGroups sizes of groups that users may add, by the extension's static group
    public record Topology(
            Map<String, Parameter> parameters,
            Map<String, Group> groups,
            Map<String, Group> extraGroups) {
        public Topology {
            extraGroups = extraGroups == null ? Map.of() : extraGroups;
            parameters = parameters == null ? Map.of() : parameters;
            groups = groups == null ? Map.of() : groups;
        }
    }

    public enum ParameterType {
        @JsonProperty("integer")
        INTEGER,
        @JsonProperty("string")
        STRING,
        @JsonProperty("boolean")
        BOOLEAN
    }

    public record Parameter(
            ParameterType type,
            @JsonProperty("default") String defaultValue,
            @Nullable Integer minimum,
            @Nullable Integer maximum) {}

    /// The sizes that a group may have, in units: one member with its followers.
    ///
    /// @param parameter the parameter whose value plus one is the number of Pods of a unit
    public record Group(
            @Nullable String staticGroup,
            String unit,
            @Nullable String parameter,
            int minimum,
            int maximum,
            @JsonProperty("default") int defaultUnits) {}
}
