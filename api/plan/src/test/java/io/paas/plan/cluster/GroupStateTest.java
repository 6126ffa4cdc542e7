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
