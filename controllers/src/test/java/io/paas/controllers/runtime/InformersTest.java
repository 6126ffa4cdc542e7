package io.paas.controllers.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.kube.client.ListQuery;
import io.paas.kube.informer.Informer.Health;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InformersTest {

    @Test
    void aQuietWatchIsNoProblemForMinutes() {
        assertThat(problem(true, 299, 0)).isNull();
        assertThat(problem(true, 301, 0)).isEqualTo("nothing heard for 301 s");
    }

    @Test
    void oneThatIsCutOffIsAProblemSoon() {
        assertThat(problem(true, 30, 4)).isNull();
        assertThat(problem(true, 31, 4)).isEqualTo("nothing heard for 31 s: refused");
    }

    @Test
    void isNotReadyBeforeTheFirstList() {
        assertThat(problem(false, 0, 0)).isEqualTo("the first list is not there yet");
        assertThat(problem(false, 9, 2)).isEqualTo("the first list is not there yet: refused");
    }

    private static String problem(boolean synced, int silentSeconds, int failures) {
        return Informers.problem(
                new Health(
                        ListQuery.ALL,
                        synced,
                        1,
                        Duration.ofSeconds(silentSeconds),
                        failures,
                        failures == 0 ? null : "refused"));
    }
}
