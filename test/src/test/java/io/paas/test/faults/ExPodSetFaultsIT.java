package io.paas.test.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.test.support.KubeApiServer;
import io.paas.test.support.KubeApiServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A sample of the campaign that fits into every test run. Each run draws another; a failure is
/// repeated with `CAMPAIGN_SEED`.
@ExtendWith(KubeApiServerExtension.class)
class ExPodSetFaultsIT {

    private static final int AT_ONCE = 6;
    private static final Duration QUIET = Duration.ofSeconds(5);
    // A run that begins last may take a hanging call's 30 s and its quiet time.
    private static final Duration BUDGET = Duration.ofSeconds(30);

    @Test
    void aSampleOfAllFaultsConverges(KubeApiServer server) throws Exception {
        long seed = Settings.seed(ThreadLocalRandom.current().nextLong(1_000_000));
        Campaign campaign = new Campaign(server, AT_ONCE).learn(QUIET);
        List<Point> points = campaign.points(seed);

        Report report = campaign.attempt(points, QUIET, BUDGET);

        System.out.println(
                "faults: a sample of %d points, CAMPAIGN_SEED=%d".formatted(points.size(), seed));
        System.out.println(report.text());
        assertThat(report.nothingFailed()).as(report.text()).isTrue();
        assertThat(report.converged()).isPositive();
    }
}
