package io.paas.plan.expodset;

import io.paas.api.v1.ExPodSet;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/// The Pods that are not as they should be, for the status: few enough to stay small in a set of a
/// thousand.
///
/// @param listed by ordinal
/// @param notListed how many more there are
public record PodRows(List<ExPodSet.PodRow> listed, int notListed) {

    static final int MOST = 20;

    public static PodRows of(ExPodSetSnapshot now) {
        List<ExPodSet.PodRow> all =
                now.pods().values().stream()
                        .map(pod -> PodDiagnosis.of(now, pod))
                        .filter(Objects::nonNull)
                        .toList();
        List<ExPodSet.PodRow> gravest =
                all.stream()
                        .sorted(Comparator.comparing(row -> Objects.requireNonNull(row.reason())))
                        .limit(MOST)
                        .sorted(Comparator.comparingInt(ExPodSet.PodRow::ordinal))
                        .toList();
        return new PodRows(gravest, all.size() - gravest.size());
    }
}
