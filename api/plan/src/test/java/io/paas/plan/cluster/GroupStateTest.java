package io.paas.plan.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.api.json.Json;
import io.paas.api.v1.ExPodSet;
import org.junit.jupiter.api.Test;

final class GroupStateTest {

    @Test
    void waitsForNothingWhenItsPodsAreAsWanted() {
        assertThat(of(2, "False").waitsFor()).isNull();
    }

    @Test
    void waitsForItsController() {
        assertThat(of(1, "False").waitsFor()).isEqualTo("its controller to look at it");
    }

    /// Two of two Pods serve, and a third one is still stopping.
    @Test
    void waitsForAPodThatLeaves() {
        assertThat(of(2, "True").waitsFor())
                .isEqualTo("its ExPodSet to be at rest: Not yet as desired: 2.");
    }

    @Test
    void saysWhatHoldsAPodThatShouldLeave() {
        String called =
                """
                {"type": "ScaledIn", "status": "False", "message": "Leaving: 2. Not done yet."}""";
        String stalled =
                called.replace("Not done yet", "Failed")
                        + """
                        , {"type": "Stalled", "status": "True", "message": "Leaving: 2. Failed."}""";

        assertThat(leaving(called).waitsFor())
                .isEqualTo("1 Pod to leave: Leaving: 2. Not done yet.");
        assertThat(leaving(stalled).waitsFor()).isEqualTo("1 Pod to leave; Leaving: 2. Failed.");
    }

    private static GroupState leaving(String conditions) {
        return GroupState.of(
                Json.read(
                        """
                        {"metadata": {"name": "s", "generation": 2}, "spec": {"replicas": 2},
                         "status": {"observedGeneration": 2, "replicas": 3, "updatedReplicas": 3,
                                    "readyReplicas": 3, "conditions": [%s]}}
                        """
                                .formatted(conditions),
                        ExPodSet.class));
    }

    private static GroupState of(int observed, String reconciling) {
        return GroupState.of(
                Json.read(
                        """
                        {"metadata": {"name": "s", "generation": 2}, "spec": {"replicas": 2},
                         "status": {"observedGeneration": %d,
                                    "replicas": 2, "updatedReplicas": 2, "readyReplicas": 2,
                                    "conditions": [{"type": "Reconciling", "status": "%s",
                                                    "message": "Not yet as desired: 2."}]}}
                        """
                                .formatted(observed, reconciling),
                        ExPodSet.class));
    }
}
