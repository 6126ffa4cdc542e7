package io.paas.kube.controller;

import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.Backoff;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.metrics.Metrics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs one [Reconciler] over a queue of keys: each reconcile on a virtual thread of its own, at
/// most `concurrency` at once, never two for one key.
public final class Controller {

    private static final Logger log = LoggerFactory.getLogger(Controller.class);
    private static final Duration FIRST_DELAY = Duration.ofMillis(50);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);
    private static final Duration NOT_CHOSEN = Duration.ofSeconds(30);

    private final String name;
    private final Reconciler reconciler;
    private final int concurrency;
    private final Semaphore permits;
    private final ControllerMetrics metrics;
    private final WorkQueue<ObjectKey> queue = new WorkQueue<>(System::nanoTime);
    private final Map<ObjectKey, Integer> failures = new ConcurrentHashMap<>();
    private final Thread dispatcher;
    private Predicate<ObjectKey> chosen = _ -> true;

    public Controller(String name, Reconciler reconciler, int concurrency, Metrics metrics) {
        this.name = name;
        this.reconciler = reconciler;
        this.concurrency = concurrency;
        this.permits = new Semaphore(concurrency);
        this.metrics = new ControllerMetrics(name, queue::depth, concurrency, metrics);
        this.dispatcher = Thread.ofVirtual().name("controller-" + name).unstarted(this::dispatch);
    }

    public String name() {
        return name;
    }

    /// Leaves all other keys alone. Whether one is chosen may change without an event: it is looked
    /// at again now and then. Before [#start()] only.
    public Controller onlyFor(Predicate<ObjectKey> keys) {
        chosen = keys;
        return this;
    }

    /// Keys may be enqueued before the start; they wait.
    public void enqueue(ObjectKey key) {
        metrics.adds.inc();
        queue.add(key);
    }

    public void start() {
        dispatcher.start();
    }

    /// Starts no further reconcile and waits for the running ones. May be called again.
    ///
    /// @return false when some still ran at the timeout
    public boolean drain(Duration timeout) throws InterruptedException {
        queue.close();
        boolean drained =
                permits.tryAcquire(concurrency, timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (drained) {
            permits.release(concurrency);
        }
        return drained;
    }

    private void dispatch() {
        try {
            while (true) {
                // The permit first: a key that waits here must still be able to take new changes.
                permits.acquire();
                WorkQueue.Item<ObjectKey> item = queue.take();
                if (item == null) {
                    permits.release();
                    return;
                }
                Thread.ofVirtual().name(name + " " + item.key()).start(() -> work(item));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void work(WorkQueue.Item<ObjectKey> item) {
        String result = "error";
        ControllerMetrics.Running run = metrics.started(item.waited());
        try {
            result = succeeded(item.key(), reconcile(item.key()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (Exception failure) {
            failed(item.key(), failure);
        } catch (Throwable fatal) {
            // StackOverflowError and the like: this key is broken, the others are not.
            failed(item.key(), fatal);
        } finally {
            metrics.ended(run, result);
            queue.done(item.key());
            permits.release();
        }
    }

    private Result reconcile(ObjectKey key) throws Exception {
        return chosen.test(key) ? reconciler.reconcile(key) : Result.after(NOT_CHOSEN);
    }

    private String succeeded(ObjectKey key, Result result) {
        failures.remove(key);
        return switch (result) {
            case Result.Done _ -> "success";
            case Result.RequeueAfter(Duration delay) -> {
                queue.addAfter(key, delay);
                yield "requeue_after";
            }
        };
    }

    private void failed(ObjectKey key, Throwable failure) {
        int count = failures.merge(key, 1, Integer::sum);
        Duration delay =
                Backoff.delay(FIRST_DELAY, LONGEST_DELAY, count - 1, ThreadLocalRandom.current());
        metrics.retries.inc();
        queue.addAfter(key, delay);
        switch (failure) {
            // A lost race is the normal way to learn of somebody else's write.
            case ApiFailure.Conflict _ -> log.debug("{} {}: {}", name, key, failure.getMessage());
            case ApiFailure _ ->
                    log.warn("{} {} failed {} times: {}", name, key, count, failure.getMessage());
            default -> log.error("{} {} failed {} times", name, key, count, failure);
        }
    }
}
