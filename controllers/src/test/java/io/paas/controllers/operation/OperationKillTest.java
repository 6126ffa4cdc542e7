package io.paas.controllers.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.api.v1.Operation;
import io.paas.api.v1.Operation.Phase;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A controller that dies at any moment goes on where it was, and no process is changed twice.
class OperationKillTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void reachesTheSameEndWhereverItIsKilled(long seed) {
        for (int run = 0; run < 20; run++) {
            Random random = new Random(seed * 1000 + run);
            FakeWorld world =
                    new FakeWorld().pods("primary", "replica", "replica", "replica", "replica");
            world.killing(random, 0.3);
            world.create(
                    Operation.Type.RESTART,
                    world.parameters(1 + random.nextInt(2), random.nextInt(4)));

            world.runToTheEnd();

            assertThat(world.status().phase()).as("run %s", run).isEqualTo(Phase.SUCCEEDED);
            assertThat(world.changes()).as("run %s", run).hasSize(5).doesNotHaveDuplicates();
            assertThat(world.changes().getLast()).isEqualTo("restart demo-nodes-0");
        }
    }
}
