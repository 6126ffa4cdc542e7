package io.paas.kube.controller;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.metrics.Metrics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ControllerTest {

    private static final ObjectKey KEY = new ObjectKey("ns", "a");

    @Test
    void runsNoTwoReconcilesOfOneKeyAtOnce() throws InterruptedException {
        AtomicInteger running = new AtomicInteger();
        AtomicBoolean overlapped = new AtomicBoolean();
        CountDownLatch reconciles = new CountDownLatch(3);
        Controller controller =
                controller(
                        _ -> {
                            overlapped.compareAndSet(false, running.incrementAndGet() > 1);
                            Thread.sleep(20);
                            running.decrementAndGet();
                            reconciles.countDown();
                            return Result.after(Duration.ofMillis(1));
                        });

        controller.enqueue(KEY);
        controller.start();
        while (reconciles.getCount() > 0) {
            controller.enqueue(KEY);
            Thread.sleep(1);
        }

        assertThat(overlapped).isFalse();
        assertThat(controller.drain(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void fiveHundredKeysThatFailOnceAreSoonDone() throws InterruptedException {
        // client-java's default queue lets 100 retries through and then ten a minute.
        Map<ObjectKey, Integer> attempts = new ConcurrentHashMap<>();
        CountDownLatch done = new CountDownLatch(500);
        Controller controller =
                controller(
                        key -> {
                            if (attempts.merge(key, 1, Integer::sum) == 1) {
                                throw ApiFailure.of(429, null, null);
                            }
                            done.countDown();
                            return Result.DONE;
                        });

        for (int i = 0; i < 500; i++) {
            controller.enqueue(new ObjectKey("ns", "k" + i));
        }
        controller.start();

        assertThat(done.await(20, SECONDS)).isTrue();
        controller.drain(Duration.ofSeconds(5));
    }

    @Test
    void drainWaitsForTheRunningReconcile() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        Controller controller =
                controller(
                        _ -> {
                            started.countDown();
                            Thread.sleep(200);
                            ended.set(true);
                            return Result.DONE;
                        });
        controller.enqueue(KEY);
        controller.start();
        started.await();

        boolean drained = controller.drain(Duration.ofSeconds(5));

        assertThat(drained).isTrue();
        assertThat(ended).isTrue();
    }

    @Test
    void countsReconcilesByResult() throws InterruptedException {
        Metrics metrics = new Metrics();
        CountDownLatch done = new CountDownLatch(1);
        Controller controller =
                new Controller(
                        "test",
                        _ -> {
                            done.countDown();
                            return Result.DONE;
                        },
                        1,
                        metrics);

        controller.enqueue(KEY);
        controller.start();
        done.await();
        controller.drain(Duration.ofSeconds(5));

        assertThat(metrics.text())
                .contains(
                        "controller_runtime_reconcile_total{controller=\"test\",result=\"success\",}"
                                + " 1.0");
    }

    @Test
    void tellsOfAReconcileThatHangs() throws InterruptedException {
        Metrics metrics = new Metrics();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Controller controller =
                new Controller(
                        "test",
                        _ -> {
                            started.countDown();
                            release.await();
                            return Result.DONE;
                        },
                        1,
                        metrics);
        controller.enqueue(KEY);
        controller.start();
        started.await();
        controller.enqueue(new ObjectKey("ns", "waits"));

        String longest = "workqueue_longest_running_processor_seconds{name=\"test\",}";
        assertThat(value(metrics, longest)).isPositive();
        assertThat(value(metrics, "workqueue_unfinished_work_seconds{name=\"test\",}"))
                .isPositive();
        assertThat(value(metrics, "workqueue_depth{name=\"test\",}")).isEqualTo(1);
        release.countDown();
        controller.drain(Duration.ofSeconds(5));

        assertThat(value(metrics, longest)).isZero();
    }

    @Test
    void leavesKeysAloneThatAreNotChosen() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        Map<ObjectKey, Integer> reconciled = new ConcurrentHashMap<>();
        Controller controller =
                new Controller(
                                "test",
                                key -> {
                                    reconciled.merge(key, 1, Integer::sum);
                                    done.countDown();
                                    return Result.DONE;
                                },
                                1,
                                new Metrics())
                        .onlyFor(KEY::equals);

        controller.enqueue(new ObjectKey("ns", "other"));
        controller.enqueue(KEY);
        controller.start();
        done.await();
        controller.drain(Duration.ofSeconds(5));

        assertThat(reconciled).containsOnlyKeys(KEY);
    }

    private static double value(Metrics metrics, String series) {
        return metrics.text()
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .sum();
    }

    private static Controller controller(Reconciler reconciler) {
        return new Controller("test", reconciler, 4, new Metrics());
    }
}
