package io.paas.test.conformance.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Updates that stop at an ordinal.
@Execution(ExecutionMode.CONCURRENT)
class PartitionIT {

    private static final String PHASED =
            "should perform canary updates and phased rolling updates of template modifications";
    private static final String DELETE_POD_0 = PHASED + " for partiton1 and delete pod-0 ";

    @Conformance(
            upstream = PHASED,
            killedBy = {Mutant.IGNORES_PARTITION, Mutant.CREATES_AT_UPDATE_REVISION})
    void updatesInPhases(Workload set) {
        set.create(Change.replicas(3), Change.partition(3));
        set.awaitReady(3);
        String first = set.revision("currentRevision");
        assertThat(set.revision("updateRevision")).isEqualTo(first);
        Map<String, String> before = set.podUids();

        set.update(Change.image("new"));

        set.awaitObserved();
        String second = set.revision("updateRevision");
        assertThat(second).isNotEqualTo(first);
        set.stays("the same Pods", set::podUids, before::equals);

        set.update(Change.partition(2));
        awaitPhase(set, 2, first, second);
        set.deletePod(0);
        set.deletePod(2);
        set.await(
                "other Pods 0 and 2",
                set::podUids,
                uids ->
                        uids.size() == 3
                                && !uids.get("ss-0").equals(before.get("ss-0"))
                                && uids.get("ss-1").equals(before.get("ss-1")));
        awaitPhase(set, 2, first, second);

        for (int partition = 1; partition >= 0; partition--) {
            set.update(Change.partition(partition));
            awaitPhase(set, partition, first, second);
        }
        set.await("the end", () -> set.revision("currentRevision"), second::equals);
    }

    /// All from the partition on are updated, and none below it.
    private static void awaitPhase(Workload set, int partition, String first, String second) {
        set.await(
                "Pods from " + partition + " on at " + second,
                set::pods,
                pods ->
                        pods.size() == 3
                                && pods.stream()
                                        .filter(pod -> pod.ordinal() >= partition)
                                        .allMatch(
                                                pod ->
                                                        pod.isReady()
                                                                && pod.revision().equals(second)));
        set.awaitReady(3);
        assertThat(set.pods())
                .allSatisfy(
                        pod -> {
                            boolean old = pod.ordinal() < partition;
                            assertThat(pod.image()).isEqualTo(old ? "old" : "new");
                            assertThat(pod.revision()).isEqualTo(old ? first : second);
                        });
    }

    @Conformance(
            upstream = DELETE_POD_0 + "without failing container",
            killedBy = Mutant.CREATES_AT_UPDATE_REVISION)
    void restoresADeletedPodBelowThePartition(Workload set) {
        restorePod0(set, Change.image("old"), Change.image("new"));
    }

    @Conformance(
            upstream = DELETE_POD_0 + "with failing container",
            killedBy = Mutant.CREATES_AT_UPDATE_REVISION)
    void restoresADeletedPodThatFails(Workload set) {
        restorePod0(set, Change.imageBesideFailing("old"), Change.imageBesideFailing("new"));
    }

    private static void restorePod0(Workload set, Change old, Change changed) {
        set.create(Change.replicas(3), Change.partition(1), old);
        set.awaitReady(3);
        String first = set.revision("currentRevision");
        set.patchPod(0, "{\"metadata\": {\"finalizers\": [\"conformance/keep\"]}}");

        set.update(changed);
        set.awaitStatus("updatedReplicas", 2);
        set.awaitReady(3);
        String second = set.revision("updateRevision");
        awaitPhase(set, 1, first, second);
        String deleted = set.pod(0).uid();

        set.deletePodGracefully(0);
        set.awaitStatus("readyReplicas", 2);
        set.stays("the Pod that ended", () -> set.pod(0).uid(), deleted::equals);
        set.patchPod(0, "{\"metadata\": {\"finalizers\": null}}");

        set.await(
                "another Pod 0",
                () -> set.pod(0),
                pod -> pod.isReady() && !pod.uid().equals(deleted));
        awaitPhase(set, 1, first, second);
    }
}
