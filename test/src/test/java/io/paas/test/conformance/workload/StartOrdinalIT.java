package io.paas.test.conformance.workload;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Sets that do not begin with ordinal 0; for ExPodSet, whose ordinals below the start are offline.
///
/// StatefulSet replaces Pods when its start moves. ExPodSet moves nothing that was not named: for
/// it the way to the same end is to scale out first and to name what goes, or to bring back what
/// was named and to scale in then.
@Execution(ExecutionMode.CONCURRENT)
class StartOrdinalIT {

    @Conformance(upstream = "Setting .start.ordinal", killedBy = Mutant.IGNORES_OFFLINE)
    void setsTheStart(Workload set) {
        set.create(Change.replicas(2));
        set.awaitReadyOrdinals(0, 1);

        set.update(Change.replicas(5));
        set.awaitReadyOrdinals(0, 1, 2, 3, 4);
        set.update(Change.startOrdinal(2), Change.replicas(3));

        set.awaitReadyOrdinals(2, 3, 4);
    }

    @Conformance(upstream = "Increasing .start.ordinal", killedBy = Mutant.IGNORES_OFFLINE)
    void increasesTheStart(Workload set) {
        set.create(Change.replicas(2), Change.startOrdinal(2));
        set.awaitReadyOrdinals(2, 3);

        set.update(Change.replicas(4));
        set.awaitReadyOrdinals(2, 3, 4, 5);
        set.update(Change.startOrdinal(4), Change.replicas(2));

        set.awaitReadyOrdinals(4, 5);
    }

    @Conformance(upstream = "Decreasing .start.ordinal", killedBy = Mutant.IGNORES_OFFLINE)
    void decreasesTheStart(Workload set) {
        set.create(Change.replicas(2), Change.startOrdinal(3));
        set.awaitReadyOrdinals(3, 4);

        set.update(Change.startOrdinal(2), Change.replicas(3));
        set.awaitReadyOrdinals(2, 3, 4);
        set.update(Change.replicas(2));

        set.awaitReadyOrdinals(2, 3);
    }

    @Conformance(upstream = "Removing .start.ordinal", killedBy = Mutant.NEVER_SCALES_IN)
    void removesTheStart(Workload set) {
        set.create(Change.replicas(2), Change.startOrdinal(3));
        set.awaitReadyOrdinals(3, 4);

        set.update(Change.startOrdinal(0), Change.replicas(5));
        set.awaitReadyOrdinals(0, 1, 2, 3, 4);
        set.update(Change.replicas(2));

        set.awaitReadyOrdinals(0, 1);
    }
}
