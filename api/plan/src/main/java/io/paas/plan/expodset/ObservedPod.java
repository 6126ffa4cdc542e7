package io.paas.plan.expodset;

import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodCondition;
import io.kubernetes.client.openapi.models.V1PodStatus;
import io.paas.api.meta.Annotations;
import io.paas.api.meta.Labels;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One Pod of a set, as far as decisions depend on it.
///
/// @param created when it was created
/// @param readySince when it last became Ready, but for having joined; null while it is not
/// @param neverReady it has not been Ready since it was created, as far as its status tells
/// @param role the role label; empty when there is none
public record ObservedPod(
        int ordinal,
        String name,
        String uid,
        String phase,
        boolean terminating,
        Instant created,
        @Nullable Instant readySince,
        boolean neverReady,
        String revision,
        String role,
        String ip,
        Map<String, String> labels,
        Map<String, String> annotations,
        PodDetails details) {

    // The kubelet writes startTime and the first Ready=False in one go, each rounded to seconds.
    private static final Duration FIRST_STATUS = Duration.ofSeconds(2);

    /// Reads a Pod of the given ordinal.
    public static ObservedPod of(int ordinal, V1Pod pod) {
        V1ObjectMeta metadata = Objects.requireNonNull(pod.getMetadata());
        V1PodStatus status = pod.getStatus() == null ? new V1PodStatus() : pod.getStatus();
        PodDetails details = new PodDetails(pod);
        OffsetDateTime ready = details.readySince();
        Instant readySince = ready == null ? null : instant(ready);
        Map<String, String> labels = orEmpty(metadata.getLabels());
        return new ObservedPod(
                ordinal,
                Objects.requireNonNull(metadata.getName()),
                Objects.requireNonNullElse(metadata.getUid(), ""),
                Objects.requireNonNullElse(status.getPhase(), "Pending"),
                metadata.getDeletionTimestamp() != null,
                instant(metadata.getCreationTimestamp()),
                readySince,
                readySince == null && neverReady(status, details.condition("Ready").orElse(null)),
                labels.getOrDefault(Labels.REVISION, ""),
                labels.getOrDefault(Labels.ROLE, ""),
                Objects.requireNonNullElse(status.getPodIP(), ""),
                labels,
                orEmpty(metadata.getAnnotations()),
                details);
    }

    /// Whether Services lead to it: also that it has joined, where it must.
    public boolean isServing() {
        return isReady() && details.isServing();
    }

    public boolean isReady() {
        return readySince != null && !terminating && !isOver();
    }

    public boolean isAvailable(Instant now, Duration minReady) {
        return isReady() && readySince != null && !readySince.plus(minReady).isAfter(now);
    }

    /// An update in place has begun and is not over. Its readiness tells nothing meanwhile.
    public boolean isChangingInPlace() {
        return annotations.containsKey(Annotations.IN_PLACE_UPDATE);
    }

    /// Whether a revision's content is needed to go on with this Pod.
    boolean uses(String revisionName) {
        InPlaceRecord becoming = InPlaceRecord.of(this);
        return revision.equals(revisionName)
                || (becoming != null && becoming.revision().equals(revisionName));
    }

    /// Failed, evicted or ended: it will not run again.
    public boolean isOver() {
        return phase.equals("Failed") || phase.equals("Succeeded");
    }

    /// The phase tells nothing: when its node restarts, a Pod that served for months is Pending
    /// again.
    private static boolean neverReady(V1PodStatus status, @Nullable V1PodCondition ready) {
        OffsetDateTime started = status.getStartTime();
        if (ready == null || started == null) {
            return true;
        }
        OffsetDateTime since = ready.getLastTransitionTime();
        return since == null || !since.isAfter(started.plus(FIRST_STATUS));
    }

    private static Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? Instant.EPOCH : time.toInstant();
    }

    private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : map;
    }
}
