package io.paas.test.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.test.support.KubeApiServer;
import io.paas.test.support.KubeApiServerExtension;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/// A sample of the campaign that fits into every test run. Each run draws another; a failure is
/// repeated with `CAMPAIGN_SEED`.
@ExtendWith(KubeApiServerExtension.class)
@Isolated("what it measures is time")
class ExPodSetFaultsIT {

    // The same points each time, so that a red run is about the change; the campaign tries all.
    private static final long DEFAULT_SEED = 1;
    private static final int AT_ONCE = 8;
    private static final int SAMPLE = 32;
    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final Duration BUDGET = Duration.ofSeconds(30);

    @Test
    void aSampleOfAllFaultsConverges(KubeApiServer server) throws Exception {
        long seed = Settings.seed(DEFAULT_SEED);
        Campaign campaign = new Campaign(server, AT_ONCE).learn(Duration.ofSeconds(1));
        List<Point> all = campaign.points(seed);
        // Hanging calls first: they take as long as many others.
        List<Point> sample =
                all.stream()
                        .limit(SAMPLE)
                        .sorted(Comparator.comparing(point -> !point.toString().contains("HANG")))
                        .toList();
        System.out.printf("faults: a sample of %d points, CAMPAIGN_SEED=%d%n", all.size(), seed);

        Report report = campaign.attempt(sample, QUIET, BUDGET);

        System.out.println(report.text());
        assertThat(report.nothingFailed()).as(report.text()).isTrue();
        assertThat(report.converged()).isPositive();
    }
}
