package io.paas.test.conformance.workload;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Ready for long enough is available.
@Execution(ExecutionMode.CONCURRENT)
class AvailabilityIT {

    @Conformance(
            upstream = "MinReadySeconds should be honored when enabled",
            killedBy = Mutant.WRITES_NO_STATUS)
    void countsAvailablePods(Workload set) {
        set.create();

        set.awaitStatus("availableReplicas", 1);
    }

    @Conformance(
            upstream =
                    "AvailableReplicas should get updated accordingly when MinReadySeconds is"
                            + " enabled",
            killedBy = Mutant.READY_IS_AVAILABLE)
    void countsAvailablePodsByMinReadySeconds(Workload set) {
        set.create(Change.replicas(2), Change.parallel(), Change.minReadySeconds(4));
        set.awaitReady(2);
        set.stays("no available Pod", () -> set.status("availableReplicas"), seen -> seen == 0);
        set.awaitStatus("availableReplicas", 2);

        set.update(Change.minReadySeconds(3600));
        set.awaitStatus("availableReplicas", 0);

        set.update(Change.minReadySeconds(0));
        set.awaitStatus("availableReplicas", 2);
    }
}
