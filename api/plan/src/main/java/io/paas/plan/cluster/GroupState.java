package io.paas.plan.cluster;

import io.paas.api.meta.Annotations;
import io.paas.api.meta.Labels;
import io.paas.api.v1.Condition;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.ProcessState;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How far one group's ExPodSet is.
///
/// @param revision of the cluster that it was brought to; null in sets of older platforms
/// @param size that it wants
/// @param deleting whether it goes, as soon as its Pods are gone
/// @param waitsFor what is missing until its Pods are as it wants them; null when nothing is
public record GroupState(
        String group,
        @Nullable String revision,
        GroupSize size,
        ProcessState processState,
        boolean deleting,
        @Nullable String waitsFor) {

    public static GroupState of(ExPodSet set) {
        return new GroupState(
                group(set),
                annotation(set, Annotations.CLUSTER_REVISION),
                new GroupSize(replicas(set), set.spec().offlineOrdinals()),
                Objects.requireNonNullElse(set.spec().processState(), ProcessState.RUNNING),
                set.metadata().getDeletionTimestamp() != null,
                new Missing(set).toText().orElse(null));
    }

    public static String group(ExPodSet set) {
        Map<String, String> labels = set.metadata().getLabels();
        return labels == null ? "" : labels.getOrDefault(Labels.GROUP, "");
    }

    private static int replicas(ExPodSet set) {
        return Objects.requireNonNullElse(set.spec().replicas(), 1);
    }

    private static @Nullable String annotation(ExPodSet set, String key) {
        Map<String, String> annotations = set.metadata().getAnnotations();
        return annotations == null ? null : annotations.get(key);
    }

    /// Reads an ExPodSet's status as its controller means it.
    private record Missing(ExPodSet set) {

        Optional<String> toText() {
            ExPodSet.Status status = set.status();
            if (status == null
                    || !Objects.equals(
                            status.observedGeneration(), set.metadata().getGeneration())) {
                return Optional.of("its controller to look at it");
            }
            int wanted = replicas(set);
            return leaving(status, wanted)
                    .or(() -> pods(status.replicas(), wanted, "to exist"))
                    .or(() -> pods(status.updatedReplicas(), wanted, "to have its template"))
                    .or(() -> stopped() ? Optional.empty() : serving(status, wanted))
                    .or(() -> underWay(status))
                    .map(text -> text + stalled(status));
        }

        /// Its condition says what holds them, unless that stalls the set: then it is told anyway.
        private static Optional<String> leaving(ExPodSet.Status status, int wanted) {
            int left = Objects.requireNonNullElse(status.replicas(), 0) - wanted;
            String why =
                    condition(status.conditions(), "Stalled").filter(Condition::isTrue).isPresent()
                            ? ""
                            : condition(status.conditions(), "ScaledIn")
                                    .map(condition -> ": " + condition.message())
                                    .orElse("");
            return left > 0
                    ? Optional.of(GroupSize.pods(left) + " to leave" + why)
                    : Optional.empty();
        }

        private Optional<String> serving(ExPodSet.Status status, int wanted) {
            return (joins() ? joined(status) : Optional.<String>empty())
                    .or(() -> pods(status.readyReplicas(), wanted, "to be Ready"));
        }

        /// A Pod that leaves counts for nothing above, until it is gone.
        private static Optional<String> underWay(ExPodSet.Status status) {
            return condition(status.conditions(), "Reconciling")
                    .filter(Condition::isTrue)
                    .map(condition -> "its ExPodSet to be at rest: " + condition.message());
        }

        private static Optional<String> pods(@Nullable Integer now, int wanted, String what) {
            int have = Objects.requireNonNullElse(now, 0);
            return have == wanted
                    ? Optional.empty()
                    : Optional.of(wanted + " Pods " + what + " (now " + have + ")");
        }

        private boolean stopped() {
            return set.spec().processState() == ProcessState.STOPPED;
        }

        private boolean joins() {
            return set.spec().hooks() != null && set.spec().hooks().postScaleOut() != null;
        }

        private static Optional<String> joined(ExPodSet.Status status) {
            return condition(status.conditions(), "Joined").filter(Condition::isTrue).isPresent()
                    ? Optional.empty()
                    : Optional.of("its members to join");
        }

        private static String stalled(ExPodSet.Status status) {
            return condition(status.conditions(), "Stalled")
                    .filter(Condition::isTrue)
                    .map(condition -> "; " + condition.message())
                    .orElse("");
        }

        private static Optional<Condition> condition(List<Condition> all, String type) {
            return all.stream().filter(condition -> condition.type().equals(type)).findFirst();
        }
    }
}
