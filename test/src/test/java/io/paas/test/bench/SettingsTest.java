package io.paas.test.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

    @Test
    void aPersonMayChoose() {
        Settings settings =
                Settings.ofSets(
                        Map.of("BENCH_SIZES", "300, 3", "BENCH_LIMITS", "none", "BENCH_QPS", "7"));

        assertThat(settings.sizes()).isEqualTo(List.of(3, 300));
        assertThat(settings.limits()).isEqualTo(List.of(Limits.NONE));
        assertThat(Limits.EQUAL.flags(settings.qps()))
                .isEqualTo(List.of("--kube-api-qps=7", "--kube-api-burst=14"));
        assertThat(Limits.SHIPPED.flags(settings.qps())).isEmpty();
    }

    @Test
    void fullIsWhatTheGoalsAreAbout() {
        Map<String, String> full = Map.of("BENCH_FULL", "1");

        assertThat(Settings.ofSets(full).largest()).isEqualTo(1000);
        assertThat(Settings.ofClusters(full).largest()).isEqualTo(500);
        assertThat(Settings.ofSets(Map.of()).largest()).isEqualTo(100);
    }

    @Test
    void mistakesAreNotIgnored() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.ofSets(Map.of("BENCH_LIMITS", "some")));
    }
}
