package io.paas.plan.expodset;

import io.kubernetes.client.openapi.models.V1PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The next step that brings a Pod to its revision: in place where that can be, else by making it
/// anew.
///
/// 1. An annotation says which revision the Pod is becoming; the same write sets the images.
/// 2. `pods/resize` sets CPU and memory.
/// 3. When the kubelet has done both, the revision label moves and the annotation goes.
///
/// Until then the Pod counts as unavailable: its readiness may still be that of the container that
/// is about to end. A resize that the node cannot grant, or not within [#PATIENCE] on top of the
/// Pod's grace period, ends in another Pod.
final class InPlaceUpdate {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ExPodSetSnapshot now;
    private final ObservedPod pod;
    private final @Nullable InPlaceRecord record;
    private final String target;

    private InPlaceUpdate(ExPodSetSnapshot now, ObservedPod pod) {
        this.now = now;
        this.pod = pod;
        this.record = InPlaceRecord.of(pod);
        this.target = target(now, pod, record);
    }

    /// The update revision; for a Pod that the update has not reached any more, what it was
    /// becoming.
    private static String target(
            ExPodSetSnapshot now, ObservedPod pod, @Nullable InPlaceRecord record) {
        boolean isHeld = now.settings().onDelete() || pod.ordinal() < now.settings().partition();
        return isHeld && record != null && now.revision(record.revision()) != null
                ? record.revision()
                : now.updateRevision();
    }

    /// Empty while the kubelet is at work.
    static List<PodAction> step(ExPodSetSnapshot now, ObservedPod pod, PodAction.Why why) {
        PodAction another = new PodAction.DeletePod(pod.ordinal(), pod.name(), pod.uid(), why);
        return new InPlaceUpdate(now, pod).step(another);
    }

    /// When a Pod that is being updated has used up its time; null when there is none.
    static @Nullable Duration lookAgain(ExPodSetSnapshot now) {
        return now.pods().values().stream()
                .filter(ObservedPod::isChangingInPlace)
                .map(pod -> new InPlaceUpdate(now, pod).left())
                .filter(Duration::isPositive)
                .min(Duration::compareTo)
                .orElse(null);
    }

    private List<PodAction> step(PodAction another) {
        return switch (change()) {
            case TemplateChange.Recreate() -> List.of(another);
            case TemplateChange.Nothing() -> step(another, new TreeMap<>(), new TreeMap<>());
            case TemplateChange.InPlace(var images, var resources) ->
                    step(another, images, resources);
        };
    }

    private List<PodAction> step(
            PodAction another,
            SortedMap<ContainerRef, String> images,
            SortedMap<ContainerRef, ContainerResources> resources) {
        boolean begun = record != null && record.revision().equals(target);
        SortedMap<ContainerRef, ContainerResources> open = new TreeMap<>(resources);
        open.entrySet().removeIf(entry -> pod.details().has(entry.getKey(), entry.getValue()));
        if (images.isEmpty() && open.isEmpty() && record == null) {
            return List.of(finish());
        }
        if (begun && isLate() && (!open.isEmpty() || pod.details().openResize().isPresent())) {
            return List.of(another);
        }
        List<PodAction> actions = new ArrayList<>();
        if (!begun) {
            actions.add(begin(images));
        }
        if (!open.isEmpty()) {
            actions.add(new PodAction.ResizePod(pod.ordinal(), pod.name(), open));
        }
        return actions.isEmpty() ? settle(another) : actions;
    }

    /// Everything is asked for.
    private List<PodAction> settle(PodAction another) {
        V1PodCondition resize = pod.details().openResize().orElse(null);
        if (resize != null) {
            return "Infeasible".equals(resize.getReason()) && pod.details().isSeen()
                    ? List.of(another)
                    : List.of();
        }
        // A container that was not restarted in all that time will not be any more: its image was
        // changed back before the kubelet saw it.
        return (pod.details().isSeen() && instancesGaveWay()) || isLate()
                ? List.of(finish())
                : List.of();
    }

    private PodAction begin(SortedMap<ContainerRef, String> images) {
        Map<String, String> instances = new TreeMap<>();
        for (ContainerRef container : images.keySet()) {
            String instance = pod.details().instance(container.name());
            if (!instance.isEmpty()) {
                instances.put(container.name(), instance);
            }
        }
        Instant since = now.now().truncatedTo(ChronoUnit.SECONDS);
        return new PodAction.UpdatePod(
                pod.ordinal(),
                pod.name(),
                pod.uid(),
                images,
                new InPlaceRecord(target, since, instances));
    }

    private PodAction finish() {
        return new PodAction.FinishUpdate(pod.ordinal(), pod.name(), pod.uid(), target);
    }

    private boolean instancesGaveWay() {
        return record == null
                || record.instances().entrySet().stream()
                        .noneMatch(
                                before ->
                                        pod.details()
                                                .instance(before.getKey())
                                                .equals(before.getValue()));
    }

    /// From what the Pod is, and from what it was becoming: it may have any part of both.
    private TemplateChange change() {
        TemplateChange change = changeFrom(pod.revision());
        return record == null || record.revision().equals(target)
                ? change
                : change.and(changeFrom(record.revision()));
    }

    private TemplateChange changeFrom(String revision) {
        Revision from = now.revision(revision);
        Revision to = Objects.requireNonNull(now.revision(target));
        return from == null
                ? new TemplateChange.Recreate()
                : TemplateChange.between(from.template(), to.template());
    }

    private boolean isLate() {
        return !left().isPositive();
    }

    private Duration left() {
        Instant since = record == null ? now.now() : record.since();
        return Duration.between(now.now(), since.plus(PATIENCE).plus(pod.details().gracePeriod()));
    }
}
