package io.paas.api.v1;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One running cluster of a middleware (FR-001).
public record MiddlewareCluster(
        String apiVersion, String kind, V1ObjectMeta metadata, Spec spec, @Nullable Status status)
        implements Resource {

    /// What the user wants; the first four are all that must be given.
    public record Spec(
            String type,
            String extensionVersion,
            String version,
            String topology,
            Map<String, String> topologyParameters,
            List<StaticGroup> staticGroups,
            List<DynamicGroup> dynamicGroups,
            @Nullable Storage storage,
            @Nullable Resources resources,
            @Nullable LocalReference authSecretRef,
            List<LocalReference> imagePullSecrets,
            @Nullable Boolean paused) {

        public Spec {
            topologyParameters = topologyParameters == null ? Map.of() : topologyParameters;
            staticGroups = staticGroups == null ? List.of() : staticGroups;
            dynamicGroups = dynamicGroups == null ? List.of() : dynamicGroups;
            imagePullSecrets = imagePullSecrets == null ? List.of() : imagePullSecrets;
        }
    }

    /// What differs from the extension's static group: the Pod template that groups share.
    ///
    /// @param from the extension's static group that it is a copy of; unset means the one of the
    ///   same name
    public record StaticGroup(String name, @Nullable String from, @Nullable Resources resources) {}

    /// What differs from the topology's group of the same name, or a group of the user's own
    /// (FR-009).
    ///
    /// @param staticGroup unset means the topology's; a group of the user's own names one
    /// @param offlineOrdinals numbers (`2`) and ranges (`5-7`) that do not run (FR-007)
    public record DynamicGroup(
            String name,
            @Nullable String staticGroup,
            @Nullable Integer replicas,
            List<String> offlineOrdinals,
            @Nullable ProcessState processState) {

        public DynamicGroup {
            offlineOrdinals = offlineOrdinals == null ? List.of() : offlineOrdinals;
        }
    }

    public record Storage(@Nullable String size, @Nullable String className) {}

    /// Amounts by resource name; a quantity is a number or a string.
    public record Resources(Map<String, JsonNode> requests, Map<String, JsonNode> limits) {
        public Resources {
            requests = requests == null ? Map.of() : requests;
            limits = limits == null ? Map.of() : limits;
        }
    }

    public enum Phase {
        @JsonProperty("Pending")
        PENDING,
        @JsonProperty("Creating")
        CREATING,
        @JsonProperty("Running")
        RUNNING,
        @JsonProperty("Updating")
        UPDATING,
        @JsonProperty("Stopped")
        STOPPED,
        @JsonProperty("Degraded")
        DEGRADED,
        @JsonProperty("Failed")
        FAILED,
        @JsonProperty("Deleting")
        DELETING
    }

    public record Status(
            @Nullable Long observedGeneration,
            @Nullable Phase phase,
            @Nullable String ready,
            @Nullable String currentRevision,
            @Nullable String targetRevision,
            @Nullable String heldRevision,
            List<GroupStatus> groups,
            @Nullable Connection connection,
            @Nullable RunningOperation operation,
            List<Condition> conditions) {

        public Status {
            groups = groups == null ? List.of() : groups;
            conditions = conditions == null ? List.of() : conditions;
        }
    }

    public record GroupStatus(
            String name,
            @Nullable String expodset,
            @Nullable Integer replicas,
            @Nullable Integer readyReplicas,
            @Nullable ProcessState processState) {}

    /// Where clients connect. The Secret is named, its content is never repeated.
    public record Connection(
            @Nullable String host, @Nullable Integer port, @Nullable String authSecret) {}

    public record RunningOperation(
            @Nullable String name, @Nullable String type, @Nullable String progress) {}
}
