package io.paas.test.conformance.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// What Kruise's Advanced StatefulSet and KubeBlocks' InstanceSet do beyond StatefulSet and
/// ExPodSet does, too: ordinals go by name.
@Execution(ExecutionMode.CONCURRENT)
class NamedOrdinalsIT {

    @Conformance(
            upstream = "(KubeBlocks InstanceSet: offline instances)",
            killedBy = {Mutant.IGNORES_OFFLINE, Mutant.NEVER_SCALES_IN, Mutant.DELETES_CLAIMS},
            statefulSet = false)
    void takesOutANamedOrdinalAndBringsItBack(Workload set) {
        set.create(Change.replicas(5), Change.parallel(), Change.claims());
        set.awaitReady(5);
        Map<String, String> before = set.podUids();
        Map<String, String> claims = set.claimUids();

        set.update(Change.replicas(4), Change.offlineOrdinals("2"));
        set.awaitReadyOrdinals(0, 1, 3, 4);
        before.remove("ss-2");
        assertThat(set.podUids()).isEqualTo(before);
        assertThat(set.claimUids()).isEqualTo(claims);

        set.scale(5);
        set.awaitReadyOrdinals(0, 1, 3, 4, 5);
        assertThat(set.podUids()).containsAllEntriesOf(before);

        set.update(Change.replicas(6), Change.offlineOrdinals());
        set.awaitReady(6);
        assertThat(set.podUids()).containsAllEntriesOf(before);
        assertThat(set.claimUids()).containsAllEntriesOf(claims);
    }
}
