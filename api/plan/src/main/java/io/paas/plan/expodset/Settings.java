package io.paas.plan.expodset;

import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.ProcessState;
import java.time.Duration;
import java.util.Objects;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/// A set's spec with its defaults filled in, as the CRD says them.
public record Settings(
        SortedSet<Integer> running,
        boolean parallel,
        boolean onDelete,
        int partition,
        int maxUnavailable,
        Duration minReady,
        boolean paused,
        boolean stopped,
        int historyLimit) {

    public static Settings of(ExPodSet.Spec spec) {
        ExPodSet.UpdateStrategy strategy =
                Objects.requireNonNullElse(
                        spec.updateStrategy(), new ExPodSet.UpdateStrategy(null, null, null));
        return new Settings(
                OrdinalSet.parse(spec.offlineOrdinals()).running(or(spec.replicas(), 1)),
                spec.podManagementPolicy() == ExPodSet.PodManagementPolicy.PARALLEL,
                strategy.type() == ExPodSet.UpdateType.ON_DELETE,
                or(strategy.partition(), 0),
                or(strategy.maxUnavailable(), 1),
                Duration.ofSeconds(or(spec.minReadySeconds(), 0)),
                Boolean.TRUE.equals(spec.paused()),
                spec.processState() == ProcessState.STOPPED,
                or(spec.revisionHistoryLimit(), 10));
    }

    private static int or(@Nullable Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }
}
