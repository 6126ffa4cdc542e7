package io.paas.api.v1;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One transition of a MiddlewareCluster, carried out step by step.
public record Operation(
        String apiVersion, String kind, V1ObjectMeta metadata, Spec spec, @Nullable Status status)
        implements Resource {

    /// Frozen after creation except for `control`.
    ///
    /// @param retryOf the Operation that this one tries again
    public record Spec(
            Type type,
            String cluster,
            @Nullable Parameters parameters,
            @Nullable Transition transition,
            @Nullable String retryOf,
            @Nullable RequestedBy requestedBy,
            @Nullable Integer deadlineSeconds,
            @Nullable Integer ttlSecondsAfterFinished,
            @Nullable Control control) {}

    public enum Type {
        @JsonProperty("Start")
        START,
        @JsonProperty("Stop")
        STOP,
        @JsonProperty("Restart")
        RESTART,
        /// Groups get more Pods, and nothing else changes.
        @JsonProperty("ScaleOut")
        SCALE_OUT,
        /// Pods of groups leave, and nothing else changes.
        @JsonProperty("ScaleIn")
        SCALE_IN,
        @JsonProperty("TopologyChange")
        TOPOLOGY_CHANGE,
        @JsonProperty("TemplateChange")
        TEMPLATE_CHANGE;

        /// Whether it is of processes: the others follow from a changed spec and have a transition.
        public boolean isOfProcesses() {
            return this == START || this == STOP || this == RESTART;
        }
    }

    public enum Mode {
        @JsonProperty("Graceful")
        GRACEFUL,
        @JsonProperty("Force")
        FORCE
    }

    public enum Control {
        @JsonProperty("Run")
        RUN,
        @JsonProperty("Pause")
        PAUSE,
        @JsonProperty("Cancel")
        CANCEL
    }

    /// What was asked for. Of processes: which Pods, how, and how many at once (FR-024). Of a
    /// scale: the group, and either its number of Pods or the ordinals to take out or bring back
    /// (FR-007).
    public record Parameters(
            List<String> groups,
            @Nullable String role,
            List<Integer> ordinals,
            @Nullable Mode mode,
            @Nullable Integer gracePeriodSeconds,
            @Nullable Integer maxConcurrent,
            @Nullable Integer intervalSeconds,
            @Nullable Integer replicas,
            List<Integer> removeOrdinals,
            List<Integer> restoreOrdinals) {

        public Parameters {
            groups = groups == null ? List.of() : groups;
            ordinals = ordinals == null ? List.of() : ordinals;
            removeOrdinals = removeOrdinals == null ? List.of() : removeOrdinals;
            restoreOrdinals = restoreOrdinals == null ? List.of() : restoreOrdinals;
        }

        /// Those of a start, stop or restart.
        public static Parameters ofProcesses(
                List<String> groups,
                @Nullable String role,
                List<Integer> ordinals,
                @Nullable Mode mode,
                @Nullable Integer gracePeriodSeconds,
                @Nullable Integer maxConcurrent,
                @Nullable Integer intervalSeconds) {
            return new Parameters(
                    groups,
                    role,
                    ordinals,
                    mode,
                    gracePeriodSeconds,
                    maxConcurrent,
                    intervalSeconds,
                    null,
                    List.of(),
                    List.of());
        }

        /// Those of a scale.
        public static Parameters ofScale(
                String group,
                @Nullable Integer replicas,
                List<Integer> removeOrdinals,
                List<Integer> restoreOrdinals) {
            return new Parameters(
                    List.of(group),
                    null,
                    List.of(),
                    null,
                    null,
                    null,
                    null,
                    replicas,
                    removeOrdinals,
                    restoreOrdinals);
        }
    }

    /// From one revision of the cluster to another: the whole plan, so that an edit of the
    /// cluster's spec meanwhile does not change it.
    ///
    /// @param generation of the cluster's spec that it follows
    /// @param fromRevision the oldest one that a group had; unset when none is known
    /// @param changes in the order in which they are made
    public record Transition(
            long generation,
            @Nullable String fromRevision,
            String toRevision,
            List<Change> changes) {

        public Transition {
            changes = changes == null ? List.of() : changes;
        }
    }

    public enum Action {
        /// A static group is new or has other content. Changes no Pod by itself.
        @JsonProperty("Define")
        DEFINE,
        @JsonProperty("Add")
        ADD,
        /// Its Pods get another template, and perhaps another number.
        @JsonProperty("Update")
        UPDATE,
        @JsonProperty("Scale")
        SCALE,
        @JsonProperty("Remove")
        REMOVE,
        /// A static group is gone. Changes no Pod.
        @JsonProperty("Forget")
        FORGET
    }

    /// What becomes of one group.
    ///
    /// @param group a static group's name for Define and Forget, else a dynamic group's
    /// @param replicas its Pods afterwards; unset where no group has any
    /// @param offlineOrdinals those that it leaves out afterwards
    /// @param summary for people, for example `add group cache: 3 Pods of static group worker`
    public record Change(
            Action action,
            String group,
            @Nullable Integer replicas,
            List<String> offlineOrdinals,
            @Nullable String summary) {

        public Change {
            offlineOrdinals = offlineOrdinals == null ? List.of() : offlineOrdinals;
        }
    }

    public record RequestedBy(
            @Nullable String user, @Nullable String requestID, @Nullable String auditID) {}

    public enum Phase {
        @JsonProperty("Pending")
        PENDING,
        @JsonProperty("Running")
        RUNNING,
        @JsonProperty("Paused")
        PAUSED,
        @JsonProperty("Succeeded")
        SUCCEEDED,
        @JsonProperty("Failed")
        FAILED,
        @JsonProperty("Cancelled")
        CANCELLED;

        public boolean isFinal() {
            return this == SUCCEEDED || this == FAILED || this == CANCELLED;
        }
    }

    public enum StepState {
        @JsonProperty("Pending")
        PENDING,
        @JsonProperty("Running")
        RUNNING,
        @JsonProperty("Succeeded")
        SUCCEEDED,
        @JsonProperty("Skipped")
        SKIPPED,
        @JsonProperty("Failed")
        FAILED;

        public boolean isFinal() {
            return this == SUCCEEDED || this == SKIPPED || this == FAILED;
        }
    }

    public record Step(
            String name,
            @Nullable String pod,
            @Nullable String group,
            @Nullable Integer wave,
            StepState state,
            @Nullable Integer attempt,
            @Nullable OffsetDateTime startedAt,
            @Nullable OffsetDateTime finishedAt,
            @Nullable String message) {}

    public record Status(
            @Nullable Long observedGeneration,
            @Nullable Phase phase,
            @Nullable String progress,
            @Nullable String message,
            @Nullable OffsetDateTime startedAt,
            @Nullable OffsetDateTime finishedAt,
            @Nullable Long pausedSeconds,
            @Nullable OffsetDateTime pausedAt,
            List<Step> steps,
            List<Condition> conditions) {

        public Status {
            steps = steps == null ? List.of() : steps;
            conditions = conditions == null ? List.of() : conditions;
        }
    }
}
