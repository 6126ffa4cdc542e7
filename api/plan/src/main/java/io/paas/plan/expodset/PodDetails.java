package io.paas.plan.expodset;

import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1ContainerStatus;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodCondition;
import io.kubernetes.client.openapi.models.V1PodReadinessGate;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1PodStatus;
import io.kubernetes.client.openapi.models.V1ResourceRequirements;
import io.paas.api.meta.Names;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is asked of a Pod only while something about it is open: read off the object when it is.
///
/// @param pod as the cache has it; never changed
public record PodDetails(V1Pod pod) {

    private static final OffsetDateTime EPOCH =
            OffsetDateTime.ofInstant(Instant.EPOCH, ZoneOffset.UTC);
    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

    /// Whether its kubelet has acted on the present spec. One that does not say so (before
    /// Kubernetes 1.34) is taken to have.
    boolean isSeen() {
        Long seen = status().getObservedGeneration();
        Long wanted = metadata().getGeneration();
        return seen == null || wanted == null || seen >= wanted;
    }

    Duration gracePeriod() {
        Long seconds = spec().getTerminationGracePeriodSeconds();
        return seconds == null ? DEFAULT_GRACE : Duration.ofSeconds(seconds);
    }

    /// Whether a container has at least these requests and limits in its spec.
    boolean has(ContainerRef which, ContainerResources wanted) {
        V1ResourceRequirements resources =
                containers(which.list())
                        .filter(container -> container.getName().equals(which.name()))
                        .map(V1Container::getResources)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElseGet(V1ResourceRequirements::new);
        return wanted.holdIn(orEmpty(resources.getRequests()), orEmpty(resources.getLimits()));
    }

    /// The running instance of a container; empty when there is none.
    String instance(String container) {
        return statuses()
                .filter(status -> status.getName().equals(container))
                .map(V1ContainerStatus::getContainerID)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
    }

    /// A resize that the kubelet has not finished.
    ///
    /// @return condition PodResizePending or PodResizeInProgress
    Optional<V1PodCondition> openResize() {
        return conditions()
                .filter(condition -> "True".equals(condition.getStatus()))
                .filter(
                        condition ->
                                "PodResizePending".equals(condition.getType())
                                        || "PodResizeInProgress".equals(condition.getType()))
                .findFirst();
    }

    /// Since when everybody but its set lets it be Ready; null while somebody does not. Whether it
    /// has joined is the set's own word, and a set that waited for that would never let it join.
    @Nullable OffsetDateTime readySince() {
        boolean waitsForUs =
                gates().anyMatch(Names.JOINED_GATE::equals)
                        && !isTrue(Names.JOINED_GATE)
                        && gates().filter(gate -> !gate.equals(Names.JOINED_GATE))
                                .allMatch(this::isTrue);
        return condition(waitsForUs ? "ContainersReady" : "Ready")
                .filter(condition -> "True".equals(condition.getStatus()))
                .map(
                        condition ->
                                Objects.requireNonNullElse(
                                        condition.getLastTransitionTime(), EPOCH))
                .orElse(null);
    }

    /// What its set says in its readiness gate; empty for a Pod without.
    Optional<Boolean> joinedGate() {
        return gates().anyMatch(Names.JOINED_GATE::equals)
                ? Optional.of(isTrue(Names.JOINED_GATE))
                : Optional.empty();
    }

    /// Whether a Pod with that gate is Ready, so that Services lead to it.
    boolean isServing() {
        return joinedGate().isEmpty() || isTrue("Ready");
    }

    /// Whether anybody else's gate can keep it from being Ready.
    boolean hasOtherGates() {
        return gates().anyMatch(gate -> !gate.equals(Names.JOINED_GATE));
    }

    private Stream<String> gates() {
        return stream(spec().getReadinessGates()).map(V1PodReadinessGate::getConditionType);
    }

    private boolean isTrue(String type) {
        return condition(type).filter(c -> "True".equals(c.getStatus())).isPresent();
    }

    Optional<V1PodCondition> condition(String type) {
        return conditions().filter(condition -> type.equals(condition.getType())).findFirst();
    }

    Stream<V1ContainerStatus> statuses() {
        return Stream.concat(
                stream(status().getInitContainerStatuses()),
                stream(status().getContainerStatuses()));
    }

    V1ObjectMeta metadata() {
        return pod.getMetadata() == null ? new V1ObjectMeta() : pod.getMetadata();
    }

    V1PodStatus status() {
        return pod.getStatus() == null ? new V1PodStatus() : pod.getStatus();
    }

    V1PodSpec spec() {
        return pod.getSpec() == null ? new V1PodSpec() : pod.getSpec();
    }

    private Stream<V1PodCondition> conditions() {
        return stream(status().getConditions());
    }

    private Stream<V1Container> containers(String list) {
        return stream(
                list.equals("containers") ? spec().getContainers() : spec().getInitContainers());
    }

    private static <K, V> Map<K, V> orEmpty(@Nullable Map<K, V> map) {
        return map == null ? Map.of() : map;
    }

    private static <T> Stream<T> stream(@Nullable List<T> list) {
        return list == null ? Stream.empty() : list.stream();
    }
}
