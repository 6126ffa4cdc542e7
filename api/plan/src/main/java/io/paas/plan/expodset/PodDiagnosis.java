package io.paas.plan.expodset;

import io.kubernetes.client.openapi.models.V1ContainerStateTerminated;
import io.kubernetes.client.openapi.models.V1ContainerStateWaiting;
import io.kubernetes.client.openapi.models.V1ContainerStatus;
import io.kubernetes.client.openapi.models.V1PodCondition;
import io.paas.api.v1.ExPodSet.PodReason;
import io.paas.api.v1.ExPodSet.PodRow;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Says in one word and one sentence why a Pod is not as it should be.
///
/// INVARIANT: the same trouble gives the same words, whatever the kubelet's back-off says now. A
/// sentence that moved would be written again and again.
final class PodDiagnosis {

    /// A kubelet that answers confirms a deletion well before that.
    private static final Duration UNCONFIRMED = Duration.ofSeconds(30);

    private static final int LONGEST = 256;
    private static final Set<String> NO_IMAGE =
            Set.of(
                    "ErrImagePull",
                    "ImagePullBackOff",
                    "ErrImageNeverPull",
                    "InvalidImageName",
                    "ImageInspectError",
                    "RegistryUnavailable",
                    "SignatureValidationFailed");
    private static final Set<String> ON_ITS_WAY = Set.of("ContainerCreating", "PodInitializing");

    private record Finding(PodReason reason, String message) {}

    private final ExPodSetSnapshot now;
    private final ObservedPod pod;

    private PodDiagnosis(ExPodSetSnapshot now, ObservedPod pod) {
        this.now = now;
        this.pod = pod;
    }

    /// Null when the Pod is as it should be.
    static @Nullable PodRow of(ExPodSetSnapshot now, ObservedPod pod) {
        PodDiagnosis diagnosis = new PodDiagnosis(now, pod);
        return diagnosis
                .findings()
                .findFirst()
                .map(
                        finding ->
                                new PodRow(
                                        pod.ordinal(),
                                        pod.name(),
                                        pod.revision(),
                                        pod.isReady(),
                                        finding.reason(),
                                        shortened(finding.message())))
                .orElse(null);
    }

    /// When a deletion that is under way counts as unconfirmed; null when none can any more.
    static @Nullable Duration lookAgain(ExPodSetSnapshot now) {
        return now.pods().values().stream()
                .map(pod -> new PodDiagnosis(now, pod).untilUnconfirmed())
                .filter(Objects::nonNull)
                .filter(Duration::isPositive)
                .min(Duration::compareTo)
                .orElse(null);
    }

    /// The gravest first.
    private Stream<Finding> findings() {
        return Stream.<Supplier<Optional<Finding>>>of(
                        this::leaving,
                        this::ended,
                        this::unscheduled,
                        this::container,
                        this::lostNode,
                        this::changing,
                        this::unready,
                        this::surplus,
                        this::behind)
                .flatMap(finding -> finding.get().stream());
    }

    private Optional<Finding> leaving() {
        Duration left = untilUnconfirmed();
        if (left == null) {
            return Optional.empty();
        }
        List<String> finalizers = pod.details().metadata().getFinalizers();
        if (finalizers != null && !finalizers.isEmpty()) {
            return found(PodReason.TERMINATING, "is kept by " + String.join(", ", finalizers));
        }
        return left.isPositive()
                ? found(PodReason.TERMINATING, "is being deleted")
                : found(
                        PodReason.NODE_LOST,
                        "%s does not confirm the deletion. If it is off for good: %s"
                                .formatted(node(), byForce()));
    }

    private Optional<Finding> ended() {
        return pod.isOver()
                ? found(
                        PodReason.FAILED,
                        "ended: " + text(pod.details().status().getReason(), pod.phase()))
                : Optional.empty();
    }

    private Optional<Finding> unscheduled() {
        return pod.details()
                .condition("PodScheduled")
                .filter(condition -> "False".equals(condition.getStatus()))
                .flatMap(
                        condition ->
                                found(
                                        PodReason.UNSCHEDULABLE,
                                        text(condition.getMessage(), "no node has been found")));
    }

    private Optional<Finding> container() {
        return pod.details()
                .statuses()
                .filter(status -> !Boolean.TRUE.equals(status.getReady()))
                .flatMap(status -> container(status).stream())
                .min((a, b) -> a.reason().compareTo(b.reason()));
    }

    private static Optional<Finding> container(V1ContainerStatus status) {
        String who = "container " + status.getName() + ": ";
        V1ContainerStateWaiting waiting =
                status.getState() == null ? null : status.getState().getWaiting();
        String why = waiting == null ? "" : text(waiting.getReason(), "");
        if (NO_IMAGE.contains(why)) {
            return found(PodReason.IMAGE_PULL_FAILED, who + "cannot get " + status.getImage());
        }
        V1ContainerStateTerminated last =
                status.getLastState() == null ? null : status.getLastState().getTerminated();
        if (last != null && status.getRestartCount() != null && status.getRestartCount() > 0) {
            // Also while it runs between two ends: else each of its starts would change the status.
            return found(
                    PodReason.CRASH_LOOP_BACK_OFF,
                    who + "ended with exit code " + last.getExitCode() + " and is restarted");
        }
        return waiting == null || why.isEmpty() || ON_ITS_WAY.contains(why)
                ? Optional.empty()
                : found(
                        PodReason.CONTAINER_NOT_CREATED,
                        who + why + ": " + text(waiting.getMessage(), "no message"));
    }

    /// The node controller takes a Pod's readiness away and leaves what its kubelet said last.
    private Optional<Finding> lostNode() {
        boolean containersReady =
                pod.details()
                        .condition("ContainersReady")
                        .map(V1PodCondition::getStatus)
                        .filter("True"::equals)
                        .isPresent();
        return !pod.isReady() && containersReady && !pod.details().hasOtherGates()
                ? found(
                        PodReason.NODE_LOST,
                        "%s does not answer; another Pod is made once this one is gone: %s"
                                .formatted(node(), byForce()))
                : Optional.empty();
    }

    private Optional<Finding> changing() {
        if (!pod.isChangingInPlace()) {
            return Optional.empty();
        }
        return pod.details()
                .openResize()
                .filter(condition -> "PodResizePending".equals(condition.getType()))
                .map(
                        condition ->
                                found(
                                        PodReason.RESIZE_PENDING,
                                        text(condition.getReason(), "Deferred")
                                                + ": "
                                                + text(condition.getMessage(), "no message")))
                .orElseGet(() -> found(PodReason.UPDATING_IN_PLACE, "is updated in place"));
    }

    private Optional<Finding> unready() {
        if (pod.isReady() || (now.settings().stopped() && pod.phase().equals("Running"))) {
            return Optional.empty();
        }
        if (pod.neverReady()) {
            return found(PodReason.STARTING, "has not been ready yet");
        }
        List<String> down =
                pod.details()
                        .statuses()
                        .filter(status -> Boolean.FALSE.equals(status.getReady()))
                        .map(V1ContainerStatus::getName)
                        .toList();
        return found(
                PodReason.NOT_READY,
                down.isEmpty() ? "is not ready" : "not ready: " + String.join(", ", down));
    }

    private Optional<Finding> surplus() {
        return now.settings().running().contains(pod.ordinal())
                ? Optional.empty()
                : found(PodReason.SCALING_IN, "is outside the running set and waits to be deleted");
    }

    private Optional<Finding> behind() {
        if (!now.isBehind(pod)
                || (!now.settings().onDelete() && pod.ordinal() < now.settings().partition())) {
            return Optional.empty();
        }
        return found(
                PodReason.OUTDATED,
                now.settings().onDelete()
                        ? "waits for its deletion, as updateStrategy OnDelete says"
                        : "waits for its turn");
    }

    private @Nullable Duration untilUnconfirmed() {
        OffsetDateTime deadline = pod.details().metadata().getDeletionTimestamp();
        if (deadline == null) {
            return null;
        }
        Instant unconfirmed = deadline.toInstant().plus(UNCONFIRMED);
        return Duration.between(now.now(), unconfirmed);
    }

    private String node() {
        String node = pod.details().spec().getNodeName();
        return node == null ? "no node" : "node " + node;
    }

    private String byForce() {
        return "kubectl delete pod %s -n %s --force --grace-period=0"
                .formatted(pod.name(), now.set().metadata().getNamespace());
    }

    private static Optional<Finding> found(PodReason reason, String message) {
        return Optional.of(new Finding(reason, message));
    }

    private static String text(@Nullable String text, String otherwise) {
        return text == null || text.isBlank() ? otherwise : text.strip();
    }

    private static String shortened(String message) {
        return message.length() <= LONGEST ? message : message.substring(0, LONGEST - 1) + "…";
    }
}
