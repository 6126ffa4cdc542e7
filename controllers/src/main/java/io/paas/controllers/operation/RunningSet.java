package io.paas.controllers.operation;

import io.paas.api.v1.ExPodSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/// The ordinals that an ExPodSet wants: the first `replicas` numbers that are not offline.
final class RunningSet {

    private RunningSet() {}

    static List<Integer> of(ExPodSet.Spec spec) {
        int replicas = Objects.requireNonNullElse(spec.replicas(), 1);
        return IntStream.iterate(0, ordinal -> ordinal + 1)
                .filter(ordinal -> spec.offlineOrdinals().stream().noneMatch(r -> has(r, ordinal)))
                .limit(replicas)
                .boxed()
                .toList();
    }

    /// The CRD allows `2` and `5-7` only.
    private static boolean has(String range, int ordinal) {
        int dash = range.indexOf('-');
        int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
        int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
        return first <= ordinal && ordinal <= last;
    }
}
