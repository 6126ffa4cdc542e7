package io.paas.plan.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.api.json.Json;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.ProcessState;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ClusterSnapshotTest {

    /// Revision 2 is that of a group which did not come along, 9 the present one.
    @Test
    void keepsRevisionsThatAreInUseAndTheNewestOthers() {
        List<Revision> revisions = IntStream.rangeClosed(1, 9).mapToObj(this::revision).toList();
        GroupState behind =
                new GroupState("nodes", "r2", GroupSize.of(3), ProcessState.RUNNING, false, null);
        ClusterSnapshot snapshot =
                new ClusterSnapshot(
                        "demo",
                        "ns",
                        Json.read("{}", MiddlewareCluster.Spec.class),
                        null,
                        "",
                        revisions,
                        Map.of("nodes", behind),
                        () -> false);

        assertThat(snapshot.unused(revision(9), 3))
                .extracting(Revision::name)
                .containsExactly("r5", "r4", "r3", "r1");
        assertThat(snapshot.unused(revision(9), 7)).isEmpty();
    }

    private Revision revision(int number) {
        return new Revision("r" + number, number, Json.read("{}", RevisionContent.class));
    }
}
