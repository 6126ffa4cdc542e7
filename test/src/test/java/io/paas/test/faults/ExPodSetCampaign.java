package io.paas.test.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.test.support.KubeApiServer;
import io.paas.test.support.KubeApiServerExtension;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Every point, by `make campaign`.
@ExtendWith(KubeApiServerExtension.class)
class ExPodSetCampaign {

    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final Duration LONG_QUIET = Duration.ofSeconds(60);

    @Test
    void everyFaultAtEveryWriteConverges(KubeApiServer server) throws Exception {
        Campaign campaign = new Campaign(server, Settings.atOnce(8)).learn(LONG_QUIET);
        List<Point> points = Settings.chosen(campaign.points(Settings.seed(0)));

        Report report = campaign.attempt(points, QUIET, Duration.ofHours(6));

        System.out.println(report.text());
        assertThat(report.nothingFailed()).as(report.text()).isTrue();
        assertThat(report.outcomes()).hasSize(points.size());
    }
}
