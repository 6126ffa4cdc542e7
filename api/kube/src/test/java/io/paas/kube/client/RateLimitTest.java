package io.paas.kube.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {

    private final AtomicLong now = new AtomicLong(7);
    private final RateLimit limit = new RateLimit(20, 3, now::get);

    @Test
    void letsABurstThroughAndThenSoManyASecond() {
        assertThat(limit.take()).isZero();
        assertThat(limit.take()).isZero();
        assertThat(limit.take()).isZero();

        assertThat(limit.take()).isEqualTo(Duration.ofMillis(50));
        assertThat(limit.take()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void fillsUpToTheBurstAndNoFurther() {
        pass(Duration.ofMinutes(1));
        for (int i = 0; i < 3; i++) {
            assertThat(limit.take()).isZero();
        }

        assertThat(limit.take()).isPositive();
    }

    @Test
    void givesATokenBackWithTime() {
        for (int i = 0; i < 4; i++) {
            limit.take();
        }

        pass(Duration.ofMillis(100));

        assertThat(limit.take()).isZero();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
