package io.paas.test.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.test.proxy.WriteFault;
import io.paas.test.support.KubeApiServer;
import io.paas.test.support.KubeApiServerExtension;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/// Negative controls: a run is no success when it ends or goes otherwise than the reference.
@ExtendWith(KubeApiServerExtension.class)
@Isolated("what it measures is time")
class RunIT {

    private final Run run;
    private final Reference reference;
    private final Point point;

    RunIT(KubeApiServer server) throws Exception {
        Campaign.installSets(server);
        run = new Run(server, new Api(server), Duration.ofSeconds(1), Duration.ofSeconds(8));
        reference = run.reference(Scenario.CREATE);
        point =
                new Point.OnWrite(
                        Scenario.CREATE, reference.writes().getFirst(), WriteFault.KILL_BEFORE);
    }

    @Test
    void convergesAfterTheDeathOfTheController() throws Exception {
        assertThat(run.with(point, reference)).isInstanceOf(Outcome.Converged.class);
    }

    @Test
    void failsWithAnotherEnd() throws Exception {
        Outcome outcome = run.with(point, with(new EndState(Map.of()), reference.counts()));

        assertThat(outcome.toString()).contains("no convergence").contains("pods s-0 is too much");
    }

    @Test
    void failsWithMoreCreations() throws Exception {
        SafetyObserver.Counts none = new SafetyObserver.Counts(Map.of(), Map.of());

        Outcome outcome = run.with(point, with(reference.end(), none));

        assertThat(outcome.toString())
                .contains("pods s-0 was created 1 times, in the reference run 0 times");
    }

    private Reference with(EndState end, SafetyObserver.Counts counts) {
        return new Reference(
                Scenario.CREATE,
                reference.writes(),
                reference.untilEnd(),
                reference.duration(),
                end,
                counts);
    }
}
