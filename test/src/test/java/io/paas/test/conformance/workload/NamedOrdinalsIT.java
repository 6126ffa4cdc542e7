package io.paas.test.conformance.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
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

    @Conformance(
            upstream = "(none: FR-007, the claim of an ordinal taken out is marked)",
            killedBy = {Mutant.MARKS_NOTHING, Mutant.NEVER_CLEARS_MARKS},
            statefulSet = false)
    void marksTheClaimOfAnOrdinalThatIsOut(Workload set) {
        set.create(Change.replicas(5), Change.parallel(), Change.claims());
        set.awaitReady(5);
        Map<String, String> claims = set.claimUids();

        set.update(Change.replicas(4), Change.offlineOrdinals("2"));
        set.awaitReadyOrdinals(0, 1, 3, 4);
        JsonNode mark =
                KubeApi.parse(set.await("a mark", () -> set.claimMark(2), text -> !text.isEmpty()));
        assertThat(mark.path("generation").asLong()).isEqualTo(2);
        assertThat(mark.path("at").asText()).endsWith("Z");
        assertThat(set.claimMark(3)).isEmpty();

        set.update(Change.replicas(5), Change.offlineOrdinals());
        set.awaitReady(5);
        set.await("no mark", () -> set.claimMark(2), String::isEmpty);
        assertThat(set.claimUids()).isEqualTo(claims);
    }

    @Conformance(
            upstream = "(none: FR-007, a set made anew takes no claim that was taken out)",
            killedBy = {Mutant.IGNORES_MARKS, Mutant.MARKS_NOTHING},
            statefulSet = false)
    void takesNoDecommissionedClaimByMistake(Workload set) {
        set.create(Change.replicas(3), Change.parallel(), Change.claims());
        set.awaitReady(3);
        set.update(Change.replicas(2), Change.offlineOrdinals("1"));
        set.awaitReadyOrdinals(0, 2);
        set.delete();
        set.awaitPods();

        set.create(Change.replicas(3), Change.parallel(), Change.claims());
        set.await("Pods of the others", set::ordinals, List.of(0, 2)::equals);
        set.await(
                "the reason", () -> set.conditionReason("Stalled"), "ClaimDecommissioned"::equals);
        set.stays("no Pod 1", set::ordinals, List.of(0, 2)::equals);

        set.patchClaim(
                1,
                "{\"metadata\": {\"annotations\": {\"middleware.paas.io/decommissioned\": null}}}");
        set.awaitReady(3);
        set.await("no problem", () -> set.conditionReason("Stalled"), "NoProblem"::equals);
    }
}
