package io.paas.plan.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.paas.api.v1.Operation.Parameters;
import io.paas.plan.process.PlanOutcome.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScalePlannerTest {

    private static final GroupSize FIVE = GroupSize.of(5);
    private static final GroupSize WITHOUT_TWO = new GroupSize(4, List.of("2"));

    @Test
    void aNumberKeepsWhatIsOffline() {
        assertThat(size(WITHOUT_TWO, replicas(5)).running()).containsExactly(0, 1, 3, 4, 5);
        assertThat(size(WITHOUT_TWO, replicas(3)).running()).containsExactly(0, 1, 3);
        assertThat(size(FIVE, replicas(5))).isEqualTo(FIVE);
    }

    @Test
    void namedOrdinalsLeaveAndTheOthersKeepTheirs() {
        assertThat(size(FIVE, remove(2))).isEqualTo(WITHOUT_TWO);
        assertThat(size(WITHOUT_TWO, remove(3, 0)))
                .isEqualTo(new GroupSize(2, List.of("0", "2-3")));
    }

    @Test
    void namedOrdinalsComeBack() {
        assertThat(size(WITHOUT_TWO, restore(2))).isEqualTo(FIVE);
        assertThat(size(new GroupSize(2, List.of("0", "2-3")), restore(3, 0)).running())
                .containsExactly(0, 1, 3, 4);
    }

    @Test
    void refusesOrdinalsThatDoNotExist() {
        assertThat(problems(FIVE, remove(7, 2, 2)))
                .extracting(Problem::field, Problem::message)
                .containsExactly(
                        tuple("removeOrdinals[0]", "ordinal 7 does not exist; the group runs 0-4"),
                        tuple("removeOrdinals[2]", "ordinal 2 is listed twice"));
        assertThat(problems(WITHOUT_TWO, remove(2)))
                .extracting(Problem::message)
                .containsExactly("ordinal 2 does not exist; the group runs 0-1,3-4");
        assertThat(problems(FIVE, restore(1)))
                .extracting(Problem::field, Problem::message)
                .containsExactly(
                        tuple("restoreOrdinals[0]", "ordinal 1 is not offline; offline: none"));
    }

    @Test
    void refusesToRemoveAllAndToRestoreWhatWouldNotRun() {
        assertThat(problems(GroupSize.of(2), remove(0, 1)))
                .extracting(Problem::message)
                .containsExactly("names all ordinals of the group; at least one has to stay");
        assertThat(problems(new GroupSize(2, List.of("9")), restore(9)))
                .extracting(Problem::message)
                .containsExactly(
                        "ordinal 9 would not run: it lies above the group's 3 Pods, which would be"
                                + " 0-2");
    }

    @Test
    void asksForExactlyOneKindOfChange() {
        Parameters nothing = Parameters.ofScale("nodes", null, List.of(), List.of());
        Parameters both = Parameters.ofScale("nodes", 4, List.of(2), List.of());

        assertThat(problems(FIVE, nothing)).hasSize(1);
        assertThat(problems(FIVE, both))
                .extracting(Problem::message)
                .containsExactly(
                        "exactly one of replicas, removeOrdinals and restoreOrdinals must be set");
    }

    private static GroupSize size(GroupSize now, Parameters asked) {
        return ((ScalePlanner.Outcome.Planned) ScalePlanner.plan(now, asked)).size();
    }

    private static List<Problem> problems(GroupSize now, Parameters asked) {
        return ((ScalePlanner.Outcome.Refused) ScalePlanner.plan(now, asked)).problems();
    }

    private static Parameters replicas(int number) {
        return Parameters.ofScale("nodes", number, List.of(), List.of());
    }

    private static Parameters remove(Integer... ordinals) {
        return Parameters.ofScale("nodes", null, List.of(ordinals), List.of());
    }

    private static Parameters restore(Integer... ordinals) {
        return Parameters.ofScale("nodes", null, List.of(), List.of(ordinals));
    }
}
