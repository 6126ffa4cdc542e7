package io.paas.plan.expodset;

import static io.paas.plan.expodset.Adoption.Verdict.ADOPT;
import static io.paas.plan.expodset.Adoption.Verdict.LEAVE;
import static io.paas.plan.expodset.Adoption.Verdict.OURS;
import static io.paas.plan.expodset.Adoption.Verdict.RELEASE;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.kubernetes.client.openapi.models.V1Pod;
import io.paas.api.meta.Labels;
import io.paas.api.v1.ExPodSet;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Of set `s`, uid `u`, selector `app=s`.
class AdoptionTest {

    private static final Map<String, String> MATCHING = Map.of("app", "s", Labels.ORDINAL, "1");

    private final ExPodSet set = SetBuilder.aSet().snapshot().set();

    @Test
    void aPodOfTheSetIsOurs() {
        assertThat(verdict("s-1", MATCHING, "u")).isEqualTo(OURS);
    }

    @Test
    void anOrphanIsAdopted() {
        assertThat(verdict("s-1", MATCHING, null)).isEqualTo(ADOPT);
        assertThat(verdict("s-1", Map.of("app", "s"), null)).isEqualTo(ADOPT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"t-1", "s-x", "s-01", "s-", "s-1-1", "xs-1"})
    void anOrphanOfAnotherNameIsNot(String name) {
        assertThat(verdict(name, MATCHING, null)).isEqualTo(LEAVE);
    }

    @Test
    void anOrphanThatDoesNotMatchIsNot() {
        assertThat(verdict("s-1", Map.of(Labels.ORDINAL, "1"), null)).isEqualTo(LEAVE);
    }

    @Test
    void aPodOfAnotherControllerIsNot() {
        assertThat(verdict("s-1", MATCHING, "x")).isEqualTo(LEAVE);
    }

    @Test
    void aPodThatNoLongerMatchesIsReleased() {
        assertThat(verdict("s-1", Map.of(Labels.ORDINAL, "1"), "u")).isEqualTo(RELEASE);
        assertThat(verdict("t-1", MATCHING, "u")).isEqualTo(RELEASE);
    }

    @Test
    void aPodOfOursGetsItsOrdinalBack() {
        assertThat(verdict("s-1", Map.of("app", "s"), "u")).isEqualTo(ADOPT);
        assertThat(verdict("s-1", Map.of("app", "s", Labels.ORDINAL, "2"), "u")).isEqualTo(ADOPT);
    }

    @Test
    void aPodThatTerminatesIsNotAdopted() {
        V1Pod pod = pod("s-1", MATCHING, null);
        pod.getMetadata().deletionTimestamp(OffsetDateTime.parse("2026-01-01T00:00:00Z"));
        assertThat(Adoption.ofPod(set, pod)).isEqualTo(LEAVE);
    }

    @Test
    void revisionsAreAdoptedAndNeverReleased() {
        assertThat(Adoption.ofRevision(set, pod("s-abc", MATCHING, null))).isEqualTo(ADOPT);
        assertThat(Adoption.ofRevision(set, pod("s-abc", Map.of(), "u"))).isEqualTo(OURS);
        assertThat(Adoption.ofRevision(set, pod("s-abc", MATCHING, "x"))).isEqualTo(LEAVE);
    }

    private Adoption.Verdict verdict(
            String name, Map<String, String> labels, @Nullable String controller) {
        return Adoption.ofPod(set, pod(name, labels, controller));
    }

    private static V1Pod pod(String name, Map<String, String> labels, @Nullable String controller) {
        V1ObjectMeta metadata = new V1ObjectMeta().name(name).labels(labels);
        if (controller != null) {
            metadata.ownerReferences(
                    List.of(
                            new V1OwnerReference()
                                    .apiVersion("paas.io/v1")
                                    .kind("ExPodSet")
                                    .name("s")
                                    .uid(controller)
                                    .controller(true)));
        }
        return new V1Pod().metadata(metadata);
    }
}
