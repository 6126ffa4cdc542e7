package io.paas.controllers.expodset;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.api.json.Json;
import io.paas.api.v1.ExPodSet;
import io.paas.kube.client.ObjectKey;
import io.paas.plan.expodset.PodAction;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FreshnessTest {

    private static final ObjectKey KEY = new ObjectKey("ns", "s");
    private static final ExPodSet SET = set("u", 1, "");

    private @Nullable ExPodSet present = SET;
    private final Freshness freshness = new Freshness(_ -> Optional.ofNullable(present));

    @Test
    void anotherSpecIsOutdated() {
        assertThat(freshness.isOutdated(KEY, SET)).isFalse();
        for (ExPodSet other :
                List.of(
                        set("other", 1, ""),
                        set("u", 2, ""),
                        set("u", 1, "\"deletionTimestamp\": \"2026-01-01T00:00:00Z\","))) {
            present = other;
            assertThat(freshness.isOutdated(KEY, SET)).isTrue();
        }
        present = null;
        assertThat(freshness.isOutdated(KEY, SET)).isTrue();
    }

    /// A controller that has just started knows of no Pod, and of none that went.
    @Test
    void nothingIsMadeUnasked() {
        assertThat(makes(0)).isTrue();
    }

    @Test
    void aPodThatWasNeverThereIsMadeOnOneAnswer() {
        freshness.isOutdated(KEY, SET);
        assertThat(makes(0)).isFalse();

        freshness.saw(KEY, SET, Set.of(0));
        assertThat(makes(1)).isFalse();
    }

    /// It may have gone because the set was deleted, or wants it no longer.
    @Test
    void aPodThatWasThereIsNotMadeAgainUnasked() {
        freshness.isOutdated(KEY, SET);
        freshness.saw(KEY, SET, Set.of(0));

        assertThat(makes(0)).isTrue();
        assertThat(freshness.matters(KEY, SET, List.of(new PodAction.CreateClaim(0, "data"))))
                .isTrue();
    }

    @Test
    void anAnswerIsForOneSet() {
        freshness.isOutdated(KEY, SET);
        assertThat(freshness.matters(KEY, set("other", 1, ""), make(0))).isTrue();
    }

    @Test
    void anOldSpecIsAskedForAgain() {
        freshness.isOutdated(KEY, SET);
        present = null;
        freshness.isOutdated(KEY, SET);

        assertThat(makes(0)).isTrue();
    }

    @Test
    void forgets() {
        freshness.isOutdated(KEY, SET);
        freshness.forget(KEY);

        assertThat(makes(0)).isTrue();
    }

    @Test
    void aPodIsNeverDeletedUnasked() {
        freshness.isOutdated(KEY, SET);
        assertThat(
                        freshness.matters(
                                KEY,
                                SET,
                                List.of(
                                        new PodAction.DeletePod(
                                                0, "s-0", "uid", PodAction.Why.SCALED_IN))))
                .isTrue();
    }

    private boolean makes(int ordinal) {
        return freshness.matters(KEY, SET, make(ordinal));
    }

    private static List<PodAction> make(int ordinal) {
        return List.of(new PodAction.CreatePod(ordinal, "revision"));
    }

    private static ExPodSet set(String uid, int generation, String more) {
        return Json.read(
                """
                {"metadata": {%s "namespace": "ns", "name": "s", "uid": "%s", "generation": %d}}
                """
                        .formatted(more, uid, generation),
                ExPodSet.class);
    }
}
