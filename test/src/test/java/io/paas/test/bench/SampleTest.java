package io.paas.test.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SampleTest {

    @Test
    void quantilesAreValuesThatWereSeen() {
        Sample sample = new Sample(List.of(4.0, 1.0, 3.0, 2.0));

        assertThat(sample.median()).isEqualTo(2);
        assertThat(sample.quantile(0.99)).isEqualTo(4);
        assertThat(sample.quantile(0)).isEqualTo(1);
    }

    @Test
    void severalValuesAreShownWithTheirSpread() {
        assertThat(new Sample(List.of(3.0, 1.0, 2.0)).text(1)).isEqualTo("2.0 (1.0–3.0)");
        assertThat(new Sample(List.of(2.0)).text(0)).isEqualTo("2");
        assertThat(new Sample(List.of()).text(0)).isEqualTo("–");
    }
}
