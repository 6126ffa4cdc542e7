package io.paas.test.load;

import io.paas.test.load.Operation.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Does one operation: an attempt, and if it does not succeed, another one a moment later. Whatever
/// the database's client does, an attempt is over at its deadline.
final class Caller {

    private final Database database;
    private final Duration deadline;
    private final Duration beforeRetry;
    private final Beginnings beginnings = new Beginnings();
    private final long start = System.nanoTime();

    /// The load starts now.
    Caller(Database database, Duration deadline, Duration beforeRetry) {
        this.database = database;
        this.deadline = deadline;
        this.beforeRetry = beforeRetry;
    }

    /// Monotonic, from the start of the load.
    Duration now() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    Operation perform(Kind kind, String key, long number, Duration due, boolean fresh) {
        Attempt first = attempt(kind, key, number, fresh);
        Attempt retry = null;
        if (!first.ok() && paused()) {
            retry = attempt(kind, key, number, false);
        }
        return new Operation(kind, key, number, due, first, retry);
    }

    private Attempt attempt(Kind kind, String key, long number, boolean fresh) {
        Duration begin = now();
        Outcome outcome = outcome(kind, key, number, fresh);
        return new Attempt(begin, now(), outcome);
    }

    private Outcome outcome(Kind kind, String key, long number, boolean fresh) {
        return switch (kind) {
            case READ -> read(key, fresh);
            case WRITE ->
                    await(
                            () -> {
                                database.append(key, number, fresh);
                                return List.of();
                            });
        };
    }

    Outcome read(String key, boolean fresh) {
        return await(() -> beginnings.keep(key, database.read(key, fresh)));
    }

    /// In a thread of its own, which is interrupted after the deadline and left alone if it does
    /// not care.
    private Outcome await(Callable<List<Long>> request) {
        var task = new FutureTask<>(request);
        Thread.startVirtualThread(task);
        try {
            return new Outcome.Ok(task.get(deadline.toNanos(), TimeUnit.NANOSECONDS));
        } catch (ExecutionException thrown) {
            return thrown(thrown.getCause());
        } catch (TimeoutException e) {
            task.cancel(true);
            return new Outcome.Unknown("no answer within " + deadline.toMillis() + " ms");
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            return new Outcome.Unknown("the load was closed");
        }
    }

    private static Outcome thrown(@Nullable Throwable cause) {
        return cause instanceof Database.NotDoneException notDone
                ? new Outcome.Failed(String.valueOf(notDone.getMessage()))
                : new Outcome.Unknown(String.valueOf(cause));
    }

    /// False if the load was closed meanwhile.
    private boolean paused() {
        try {
            Thread.sleep(beforeRetry);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
