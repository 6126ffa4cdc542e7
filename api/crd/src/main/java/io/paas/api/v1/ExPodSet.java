package io.paas.api.v1;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Pods with stable names and volumes, of which named ordinals can be taken out (FR-007).
public record ExPodSet(
        String apiVersion, String kind, V1ObjectMeta metadata, Spec spec, @Nullable Status status)
        implements Resource {

    /// What is wanted, in StatefulSet's words where it has one.
    ///
    /// @param offlineOrdinals numbers (`2`) and ranges (`5-7`) that do not run
    /// @param template a core/v1 PodTemplateSpec, kept as a tree so that no field is lost
    /// @param volumeClaimTemplates core/v1 PersistentVolumeClaims, kept as trees
    /// @param restartOrder roles in the order in which their Pods are updated; the Pods' own order,
    ///   where `hooks.restartOrder` asks for it, goes before it
    public record Spec(
            @Nullable Integer replicas,
            List<String> offlineOrdinals,
            String serviceName,
            Selector selector,
            JsonNode template,
            List<JsonNode> volumeClaimTemplates,
            @Nullable ClaimRetentionPolicy persistentVolumeClaimRetentionPolicy,
            @Nullable PodManagementPolicy podManagementPolicy,
            @Nullable UpdateStrategy updateStrategy,
            @Nullable DisruptionBudget podDisruptionBudget,
            @Nullable Integer minReadySeconds,
            @Nullable Integer revisionHistoryLimit,
            @Nullable Boolean paused,
            @Nullable ProcessState processState,
            List<String> restartOrder,
            @Nullable Hooks hooks) {

        public Spec {
            offlineOrdinals = offlineOrdinals == null ? List.of() : offlineOrdinals;
            volumeClaimTemplates = volumeClaimTemplates == null ? List.of() : volumeClaimTemplates;
            restartOrder = restartOrder == null ? List.of() : restartOrder;
        }
    }

    public record Selector(Map<String, String> matchLabels) {
        public Selector {
            matchLabels = matchLabels == null ? Map.of() : matchLabels;
        }
    }

    /// What becomes of the claims when their set or their Pod's ordinal goes.
    public record ClaimRetentionPolicy(
            @Nullable ClaimRetention whenDeleted, @Nullable ClaimRetention whenScaled) {

        public boolean deletesWithTheSet() {
            return whenDeleted == ClaimRetention.DELETE;
        }

        public boolean deletesOnScaleIn() {
            return whenScaled == ClaimRetention.DELETE;
        }
    }

    public enum ClaimRetention {
        @JsonProperty("Retain")
        RETAIN,
        @JsonProperty("Delete")
        DELETE
    }

    public enum PodManagementPolicy {
        @JsonProperty("OrderedReady")
        ORDERED_READY,
        @JsonProperty("Parallel")
        PARALLEL
    }

    public enum UpdateType {
        @JsonProperty("RollingUpdate")
        ROLLING_UPDATE,
        @JsonProperty("OnDelete")
        ON_DELETE
    }

    public record UpdateStrategy(
            @Nullable UpdateType type,
            @Nullable Integer partition,
            @Nullable Integer maxUnavailable) {}

    /// Lifecycle calls to the Pods (FR-011); one that is not declared is not made.
    public record Hooks(
            @Nullable PostScaleOut postScaleOut,
            @Nullable PreScaleIn preScaleIn,
            @Nullable RestartOrder restartOrder) {}

    /// Whether a PodDisruptionBudget guards the Pods.
    public enum DisruptionBudget {
        @JsonProperty("None")
        NONE,
        @JsonProperty("MaxUnavailable")
        MAX_UNAVAILABLE
    }

    /// The call that lets new members join (FR-011).
    public record PostScaleOut(
            @Nullable Integer timeoutSeconds,
            @Nullable Integer retries,
            @Nullable Integer retryIntervalSeconds,
            @Nullable OnFailure onFailure,
            Map<String, String> parameters) {

        public PostScaleOut {
            parameters = parameters == null ? Map.of() : parameters;
        }
    }

    /// The call that must be done before a Pod leaves the running set.
    ///
    /// @param deadlineSeconds of all calls together, from the first one
    public record PreScaleIn(
            @Nullable Integer timeoutSeconds,
            @Nullable Integer retries,
            @Nullable Integer retryIntervalSeconds,
            @Nullable Integer deadlineSeconds,
            @Nullable OnLeaveFailure onFailure,
            Map<String, String> parameters) {

        public PreScaleIn {
            parameters = parameters == null ? Map.of() : parameters;
        }
    }

    /// The call that asks the Pods for the order of their restarts (FR-008).
    public record RestartOrder(
            @Nullable Integer timeoutSeconds,
            @Nullable OnOrderFailure onFailure,
            Map<String, String> parameters) {

        public RestartOrder {
            parameters = parameters == null ? Map.of() : parameters;
        }
    }

    /// What becomes of the Pods that should leave when preScaleIn failed.
    public enum OnLeaveFailure {
        @JsonProperty("Pause")
        PAUSE,
        @JsonProperty("Proceed")
        PROCEED
    }

    /// What counts while the Pods give no order.
    public enum OnOrderFailure {
        @JsonProperty("Pause")
        PAUSE,
        @JsonProperty("Roles")
        ROLES
    }

    /// What a set is whose new members could not join.
    public enum OnFailure {
        @JsonProperty("Pause")
        PAUSE,
        @JsonProperty("Abort")
        ABORT
    }

    public record Status(
            @Nullable Long observedGeneration,
            @Nullable Integer replicas,
            @Nullable Integer readyReplicas,
            @Nullable Integer availableReplicas,
            @Nullable Integer currentReplicas,
            @Nullable Integer updatedReplicas,
            @Nullable String currentRevision,
            @Nullable String updateRevision,
            @Nullable String selector,
            List<PodRow> pods,
            @Nullable Integer podsNotListed,
            List<Condition> conditions) {

        public Status {
            pods = pods == null ? List.of() : pods;
            conditions = conditions == null ? List.of() : conditions;
        }
    }

    /// A Pod that is not as it should be, and why.
    public record PodRow(
            int ordinal,
            String name,
            @Nullable String revision,
            boolean ready,
            @Nullable PodReason reason,
            @Nullable String message) {}

    /// Why a Pod is not as it should be, the gravest first.
    public enum PodReason {
        @JsonProperty("NodeLost")
        NODE_LOST,
        @JsonProperty("Unschedulable")
        UNSCHEDULABLE,
        @JsonProperty("ImagePullFailed")
        IMAGE_PULL_FAILED,
        @JsonProperty("ContainerNotCreated")
        CONTAINER_NOT_CREATED,
        @JsonProperty("CrashLoopBackOff")
        CRASH_LOOP_BACK_OFF,
        @JsonProperty("Failed")
        FAILED,
        @JsonProperty("ResizePending")
        RESIZE_PENDING,
        @JsonProperty("NotReady")
        NOT_READY,
        @JsonProperty("Starting")
        STARTING,
        @JsonProperty("Terminating")
        TERMINATING,
        @JsonProperty("UpdatingInPlace")
        UPDATING_IN_PLACE,
        @JsonProperty("ScalingIn")
        SCALING_IN,
        @JsonProperty("Outdated")
        OUTDATED
    }
}
