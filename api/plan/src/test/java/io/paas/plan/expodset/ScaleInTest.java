package io.paas.plan.expodset;

import static io.paas.plan.expodset.SetBuilder.aSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScaleInTest {

    @Test
    void inOrderOnlyTheHighestGoes() {
        assertThat(leaving(aSet().ordered().replicas(1).ready("s-new", 0, 1, 2)))
                .containsExactly(2);
    }

    @Test
    void inOrderNothingGoesWhileOneThatStaysIsDown() {
        assertThat(leaving(aSet().ordered().replicas(1).nowUnready(0, "s-new").ready("s-new", 1)))
                .isEmpty();
    }

    @Test
    void inOrderItHaltsWhenSeveralThatGoAreDown() {
        SetBuilder set = aSet().ordered().replicas(0);
        for (int ordinal = 0; ordinal < 3; ordinal++) {
            set.nowUnready(ordinal, "s-new");
        }

        assertThat(leaving(set)).isEmpty();
    }

    @Test
    void inOrderTheOnlyOneThatIsDownGoes() {
        assertThat(
                        leaving(
                                aSet().ordered()
                                        .replicas(1)
                                        .ready("s-new", 0, 1)
                                        .nowUnready(2, "s-new")))
                .containsExactly(2);
    }

    @Test
    void inOrderOneThatIsUpGoesThoughALowerOneIsDown() {
        assertThat(leaving(aSet().ordered().replicas(0).nowUnready(0, "s-new").ready("s-new", 1)))
                .containsExactly(1);
    }

    @Test
    void inOrderItWaitsForATerminatingPod() {
        assertThat(leaving(aSet().ordered().replicas(0).ready("s-new", 0).terminating(1)))
                .isEmpty();
    }

    @Test
    void inParallelAllGoWhateverTheirHealth() {
        assertThat(
                        leaving(
                                aSet().replicas(0)
                                        .nowUnready(0, "s-new")
                                        .ready("s-new", 1)
                                        .terminating(2)))
                .containsExactly(1, 0);
    }

    private static List<Integer> leaving(SetBuilder set) {
        return ScaleIn.leaving(set.snapshot()).stream().map(ObservedPod::ordinal).toList();
    }
}
