package io.paas.kube.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetryTest {

    private final AtomicInteger calls = new AtomicInteger();
    private final Retry retry = new Retry(Duration.ofSeconds(1), new Random(1));

    @Test
    void repeatsAfterAServerError() throws InterruptedException {
        String answer = retry.call(() -> failing(2, 503));

        assertThat(answer).isEqualTo("done");
        assertThat(calls).hasValue(3);
    }

    @Test
    void repeatsNoConflict() {
        assertThatThrownBy(() -> retry.call(() -> failing(1, 409)))
                .isInstanceOf(ApiFailure.Conflict.class);
    }

    @Test
    void givesUpBeforeTheDeadlineWhenTheServerAsksForMore() {
        long start = System.nanoTime();

        assertThatThrownBy(
                        () ->
                                retry.call(
                                        () -> {
                                            throw ApiFailure.of(429, null, Duration.ofMinutes(1));
                                        }))
                .isInstanceOf(ApiFailure.Retryable.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }

    private String failing(int times, int code) {
        if (calls.getAndIncrement() < times) {
            throw ApiFailure.of(code, null, null);
        }
        return "done";
    }
}
