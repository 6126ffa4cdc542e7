package io.paas.plan.expodset;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodCondition;
import io.kubernetes.client.openapi.models.V1PodStatus;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;

class ObservedPodTest {

    private static final OffsetDateTime START = OffsetDateTime.parse("2026-01-01T00:00:00Z");

    @Test
    void aPodThatIsBeingStartedWasNeverReady() {
        assertThat(neverReady("Pending", null)).isTrue();
        assertThat(neverReady("Pending", START)).isTrue();
        assertThat(neverReady("Running", START.plusSeconds(1))).isTrue();
    }

    @Test
    void aPodThatServedIsNotTakenForOneThatNeverDidWhenItsNodeRestarts() {
        assertThat(neverReady("Pending", START.plusDays(90))).isFalse();
        assertThat(neverReady("Running", START.plusDays(90))).isFalse();
    }

    private static boolean neverReady(String phase, OffsetDateTime unreadySince) {
        V1PodStatus status = new V1PodStatus().phase(phase).startTime(START);
        if (unreadySince != null) {
            status.addConditionsItem(
                    new V1PodCondition()
                            .type("Ready")
                            .status("False")
                            .lastTransitionTime(unreadySince));
        }
        V1ObjectMeta metadata =
                new V1ObjectMeta().name("s-0").uid("u").creationTimestamp(START.minusSeconds(2));
        return ObservedPod.of(0, new V1Pod().metadata(metadata).status(status)).neverReady();
    }
}
