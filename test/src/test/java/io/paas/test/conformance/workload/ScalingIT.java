package io.paas.test.conformance.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// In which order Pods come and go, and what halts them.
@Execution(ExecutionMode.CONCURRENT)
class ScalingIT {

    private static final String PREDICTABLE =
            "Scaling should happen in predictable order and halt if any stateful pod is unhealthy";

    @Conformance(
            upstream = PREDICTABLE,
            killedBy = {Mutant.UNORDERED, Mutant.NEVER_SCALES_OUT})
    void scalesOutInOrderAndHalts(Workload set) {
        try (PodHistory history = set.history()) {
            set.create();
            set.awaitReady(1);
            set.failProbe(0);
            set.awaitStatus("readyReplicas", 0);

            set.scale(3);

            set.awaitObserved();
            set.stays("one Pod", set::ordinals, List.of(0)::equals);
            set.passProbe(0);
            set.awaitReady(3);
            set.await("creations", () -> history.created(0), List.of(0, 1, 2)::equals);
            assertThat(history.moments())
                    .filteredOn(moment -> moment.type().equals("ADDED"))
                    .allSatisfy(
                            moment -> assertThat(moment.ready()).isEqualTo(moment.pod().ordinal()));
        }
    }

    @Conformance(
            upstream = PREDICTABLE,
            killedBy = {Mutant.UNORDERED, Mutant.NEVER_SCALES_IN})
    void scalesInInReverseOrder(Workload set) {
        set.create(Change.replicas(3));
        set.awaitReady(3);
        try (PodHistory history = set.history()) {
            set.scale(0);

            set.await("deletions", () -> history.deleted(0), List.of(2, 1, 0)::equals);
            assertThat(history.moments())
                    .allSatisfy(
                            moment ->
                                    assertThat(moment.present().values())
                                            .filteredOn(Pod::isTerminating)
                                            .hasSizeLessThan(2));
            set.awaitStatus("replicas", 0);
        }
    }

    @Conformance(
            upstream = PREDICTABLE,
            killedBy = {Mutant.LOOKS_AT_THOSE_THAT_STAY, Mutant.NEVER_SCALES_IN})
    void scaleInHaltsAtAnUnhealthyPod(Workload set) {
        set.create(Change.replicas(3));
        set.awaitReady(3);
        for (int ordinal = 0; ordinal < 3; ordinal++) {
            set.failProbe(ordinal);
        }
        set.awaitStatus("readyReplicas", 0);

        set.scale(0);

        set.awaitObserved();
        set.stays("three Pods", set::ordinals, List.of(0, 1, 2)::equals);
        for (int ordinal = 0; ordinal < 3; ordinal++) {
            set.passProbe(ordinal);
        }
        set.awaitPods();
    }

    @Conformance(
            upstream = "Burst scaling should run to completion even with unhealthy pods",
            killedBy = {Mutant.ORDERED_ALWAYS, Mutant.NEVER_SCALES_IN})
    void burstsWhateverTheHealth(Workload set) {
        set.create(Change.parallel());
        set.awaitReady(1);
        set.failProbe(0);
        set.awaitStatus("readyReplicas", 0);

        set.scale(3);

        set.await("three Pods", set::ordinals, List.of(0, 1, 2)::equals);
        set.passProbe(0);
        set.awaitReady(3);
        for (int ordinal = 0; ordinal < 3; ordinal++) {
            set.failProbe(ordinal);
        }
        set.awaitStatus("readyReplicas", 0);
        set.scale(0);
        set.awaitPods();
        set.awaitStatus("replicas", 0);
    }

    @Conformance(
            upstream = "should not deadlock when a pod's predecessor fails",
            killedBy = Mutant.WAITS_FOR_ALL)
    void doesNotDeadlockWhenAPredecessorFails(Workload set) {
        set.create(Change.replicas(2), Change.heldImage("old"));
        awaitRunning(set, 0);
        set.stays("one Pod", set::ordinals, List.of(0)::equals);
        set.passProbe(0);
        awaitRunning(set, 1);
        String deleted = set.pod(0).uid();

        set.deletePod(0);

        set.await(
                "another Pod 0",
                () -> set.pod(0),
                pod -> pod.isRunning() && !pod.uid().equals(deleted));
        set.passProbe(0);
        set.passProbe(1);
        set.awaitReady(2);
    }

    @Conformance(
            upstream = "(unit TestStatefulSetControllerRespectsTermination)",
            killedBy = Mutant.UNORDERED)
    void waitsForATerminatingPod(Workload set) {
        set.create(Change.replicas(3));
        set.awaitReady(3);
        set.patchPod(2, "{\"metadata\": {\"finalizers\": [\"conformance/keep\"]}}");

        set.scale(1);

        set.await("Pod 2 to terminate", () -> set.pod(2), Pod::isTerminating);
        set.stays("Pod 1", () -> set.pod(1), Pod::isReady);
        set.patchPod(2, "{\"metadata\": {\"finalizers\": null}}");
        set.awaitReady(1);
    }

    private static void awaitRunning(Workload set, int ordinal) {
        set.await("Pod " + ordinal + " to run", () -> set.pod(ordinal), Pod::isRunning);
    }
}
