package io.paas.kube.client;

import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Repeats one call to kube-apiserver while that can help, until a deadline.
///
/// For short, single writes. A reconciler does not need it: it fails and is queued again.
public final class Retry {

    private static final Duration FIRST = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final Duration deadline;
    private final RandomGenerator random;

    public Retry(Duration deadline, RandomGenerator random) {
        this.deadline = deadline;
        this.random = random;
    }

    /// Repeats on a failure of the server or the network.
    public <T> T call(Supplier<T> call) throws InterruptedException {
        long start = System.nanoTime();
        for (int attempt = 0; ; attempt++) {
            try {
                return call.get();
            } catch (ApiFailure failure) {
                Duration pause = pause(failure, attempt);
                long elapsed = System.nanoTime() - start;
                if (pause == null || elapsed + pause.toNanos() > deadline.toNanos()) {
                    throw failure;
                }
                Thread.sleep(pause);
            }
        }
    }

    private @Nullable Duration pause(ApiFailure failure, int attempt) {
        return switch (failure) {
            case ApiFailure.Retryable r when r.retryAfter() != null -> r.retryAfter();
            case ApiFailure.Retryable _ -> backoff(attempt);
            default -> null;
        };
    }

    private Duration backoff(int attempt) {
        return Backoff.delay(FIRST, LONGEST, attempt, random);
    }
}
