package io.paas.plan.expodset;

import static io.paas.api.v1.ExPodSet.ClaimRetention.DELETE;
import static io.paas.api.v1.ExPodSet.ClaimRetention.RETAIN;
import static io.paas.plan.expodset.SetBuilder.aSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.paas.api.json.Json;
import io.paas.api.meta.Annotations;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ClaimsTest {

    private static final String OWN_MARK =
            "{\"at\":\"2025-12-01T00:00:00Z\",\"generation\":3,\"uid\":\"u\"}";
    private static final String FOREIGN_MARK = OWN_MARK.replace("\"u\"", "\"another\"");

    private static final V1OwnerReference SET = owner("paas.io/v1", "ExPodSet", "s", "u", true);
    private static final V1OwnerReference POD_1 = owner("v1", "Pod", "s-1", "uid-1", true);
    private static final V1OwnerReference OTHER = owner("v1", "ConfigMap", "c", "c", false);
    private static final V1OwnerReference CONTROLLER = owner("v1", "ConfigMap", "c", "c", true);

    /// Claim 0 of a running Pod, claim 1 of one that leaves.
    @Nested
    class Owners {

        @Test
        void thereAreNoneByDefault() {
            assertThat(owners(leaving().claim(0, null, SET).claim(1, OWN_MARK, POD_1), 0))
                    .isEmpty();
            assertThat(actions(leaving().claim(0, null).claim(1, OWN_MARK))).isEmpty();
        }

        @Test
        void withTheSet() {
            SetBuilder set = leaving().retention(DELETE, RETAIN).claim(0, null).claim(1, null);
            assertThat(owners(set, 0)).containsExactly("u");
            assertThat(owners(set, 1)).containsExactly("u");
        }

        @Test
        void onScaleIn() {
            SetBuilder set = leaving().retention(RETAIN, DELETE).claim(0, null).claim(1, null);
            assertThat(owners(set, 1)).containsExactly("uid-1");
            assertThat(actions(set)).as("nothing for claim 0, no mark on claim 1").hasSize(1);
            assertThat(update(set, 1).metadata().has("annotations")).isFalse();
        }

        @Test
        void onBoth() {
            SetBuilder set = leaving().retention(DELETE, DELETE).claim(0, null).claim(1, null, SET);
            assertThat(owners(set, 0)).containsExactly("u");
            assertThat(owners(set, 1)).containsExactly("uid-1");
        }

        @Test
        void areAsTheyShouldBe() {
            assertThat(
                            actions(
                                    leaving()
                                            .retention(DELETE, DELETE)
                                            .claim(0, null, OTHER, SET)
                                            .claim(1, null, POD_1)))
                    .isEmpty();
        }

        @Test
        void othersStay() {
            SetBuilder set = leaving().retention(DELETE, RETAIN).claim(0, null, OTHER);
            assertThat(owners(set, 0)).containsExactly("c", "u");
        }

        @Test
        void aReferenceThatDoesNotControlIsMended() {
            SetBuilder set =
                    leaving()
                            .retention(DELETE, RETAIN)
                            .claim(0, null, owner("paas.io/v1", "ExPodSet", "s", "u", false));
            assertThat(update(set, 0).metadata().at("/ownerReferences/0/controller").asBoolean())
                    .isTrue();
        }

        @Test
        void anotherControllerKeepsTheClaim() {
            SetBuilder set =
                    leaving()
                            .retention(DELETE, DELETE)
                            .claim(0, null, CONTROLLER)
                            .claim(1, OWN_MARK, CONTROLLER, POD_1);
            assertThat(owners(set, 1)).containsExactly("c");
            assertThat(actions(set)).hasSize(1);
        }

        @Test
        void theClaimOfAFormerSetOrPodIsLeftAlone() {
            assertThat(
                            actions(
                                    leaving()
                                            .retention(DELETE, DELETE)
                                            .claim(
                                                    0,
                                                    null,
                                                    owner("paas.io/v1", "ExPodSet", "s", "x", true))
                                            .claim(1, null, owner("v1", "Pod", "s-1", "x", true))))
                    .isEmpty();
        }

        private static SetBuilder leaving() {
            return aSet().replicas(1).ready("s-new", 0, 1);
        }
    }

    @Nested
    class Marks {

        @Test
        void sayWhenAndWhy() {
            SetBuilder set = aSet().replicas(2, "1").ready("s-new", 0, 1, 2).claim(1, null);
            JsonNode mark = Json.read(mark(set, 1), JsonNode.class);
            assertThat(mark.path("at").asText()).isEqualTo("2026-01-01T00:10:00Z");
            assertThat(mark.path("generation").asLong()).isEqualTo(1);
            assertThat(mark.path("uid").asText()).isEqualTo("u");
        }

        @Test
        void comeBeforeThePodGoes() {
            SetBuilder set = aSet().replicas(2, "1").ready("s-new", 0, 1, 2).claim(1, null);
            assertThat(ExPodSetPlanner.plan(set.snapshot()).actions())
                    .hasSize(2)
                    .element(1)
                    .isInstanceOf(PodAction.DeletePod.class);
        }

        @Test
        void comeAlsoWhenThePodIsGone() {
            assertThat(mark(aSet().replicas(1).ready("s-new", 0).claim(5, null), 5)).contains("u");
        }

        @Test
        void areWrittenOnce() {
            assertThat(actions(aSet().replicas(1).ready("s-new", 0).claim(5, OWN_MARK))).isEmpty();
        }

        @Test
        void areNotPutOnClaimsOfOthers() {
            // The builder's other claims have no label.
            assertThat(actions(aSet().replicas(1).ready("s-new", 0))).isEmpty();
        }

        @Test
        void goWhenTheOrdinalIsBack() {
            SetBuilder set = aSet().replicas(3).ready("s-new", 0, 2).claim(1, OWN_MARK);
            assertThat(
                            update(set, 1)
                                    .metadata()
                                    .path("annotations")
                                    .path(Annotations.DECOMMISSIONED)
                                    .isNull())
                    .isTrue();
            assertThat(created(set)).containsExactly(1);
        }

        @Test
        void ofAnotherSetKeepThePodAway() {
            SetBuilder set = aSet().replicas(3).ready("s-new", 0, 2).claim(1, FOREIGN_MARK);
            assertThat(actions(set)).isEmpty();
            assertThat(created(set)).isEmpty();
            assertThat(Decommission.blocked(set.snapshot()))
                    .containsExactly(new Decommission.Blocked(1, "data-s-1", FOREIGN_MARK));
        }

        @Test
        void byHandKeepThePodAway() {
            assertThat(created(aSet().ready("s-new", 0, 2).claim(1, "keep"))).isEmpty();
        }

        @Test
        void takeNoRunningPodAway() {
            SetBuilder set = aSet().ready("s-new", 0, 1, 2).claim(1, FOREIGN_MARK);
            assertThat(ExPodSetPlanner.plan(set.snapshot()).actions()).isEmpty();
            assertThat(Decommission.blocked(set.snapshot())).isEmpty();
        }
    }

    @Test
    void noPodIsMadeOnAClaimThatGoes() {
        SetBuilder set = aSet().ready("s-new", 0, 2).terminatingClaim(1);
        assertThat(created(set)).isEmpty();
        assertThat(ExPodSetPlanner.plan(set.snapshot()).lookAgain()).isNotNull();
    }

    @Test
    void noPodIsMadeOnAClaimThatGoesWithTheLastOne() {
        SetBuilder set =
                aSet().retention(RETAIN, DELETE).ready("s-new", 0, 2).claim(1, null, POD_1);
        assertThat(created(set)).isEmpty();
    }

    private static List<PodAction.UpdateClaim> actions(SetBuilder set) {
        return Claims.updates(set.snapshot()).stream()
                .map(PodAction.UpdateClaim.class::cast)
                .toList();
    }

    private static PodAction.UpdateClaim update(SetBuilder set, int ordinal) {
        return actions(set).stream()
                .filter(update -> update.ordinal() == ordinal)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> owners(SetBuilder set, int ordinal) {
        return StreamSupport.stream(
                        update(set, ordinal).metadata().path("ownerReferences").spliterator(),
                        false)
                .map(owner -> owner.path("uid").asText())
                .toList();
    }

    private static String mark(SetBuilder set, int ordinal) {
        return update(set, ordinal)
                .metadata()
                .path("annotations")
                .path(Annotations.DECOMMISSIONED)
                .asText();
    }

    private static List<Integer> created(SetBuilder set) {
        return ExPodSetPlanner.plan(set.snapshot()).actions().stream()
                .filter(PodAction.CreatePod.class::isInstance)
                .map(action -> ((PodAction.CreatePod) action).ordinal())
                .toList();
    }

    private static V1OwnerReference owner(
            String apiVersion, String kind, String name, String uid, boolean controller) {
        return new V1OwnerReference()
                .apiVersion(apiVersion)
                .kind(kind)
                .name(name)
                .uid(uid)
                .controller(controller);
    }
}
