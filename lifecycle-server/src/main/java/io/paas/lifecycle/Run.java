package io.paas.lifecycle;

import io.paas.wire.HookReply;
import io.paas.wire.HookStatus;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One run of a hook; finished exactly once. What it put out may be dropped later.
final class Run {
    private final String id;
    private final String api;
    private final String bodyHash;
    private final long began = System.nanoTime();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile @Nullable HookReply reply;

    Run(String id, String api, String bodyHash) {
        this.id = id;
        this.api = api;
        this.bodyHash = bodyHash;
    }

    String id() {
        return id;
    }

    String api() {
        return api;
    }

    boolean isFor(String otherApi, String otherBodyHash) {
        return api.equals(otherApi) && bodyHash.equals(otherBodyHash);
    }

    boolean isDone() {
        return reply != null;
    }

    RunRecord toRecord() {
        return new RunRecord(id, api, bodyHash, reply);
    }

    void finish(HookReply outcome) {
        reply =
                new HookReply(
                        outcome.status(),
                        outcome.code(),
                        outcome.reason(),
                        outcome.exitCode(),
                        outcome.message(),
                        outcome.data(),
                        outcome.stdout(),
                        outcome.stderr(),
                        outcome.durationMillis(),
                        id);
        done.countDown();
    }

    /// How much text the reply holds beside its own few words.
    int outputLength() {
        HookReply outcome = reply;
        return outcome == null
                ? 0
                : length(outcome.stdout()) + length(outcome.stderr()) + length(outcome.data());
    }

    /// The outcome stays: forgetting the run would let it be run again.
    void dropOutput() {
        HookReply outcome = reply;
        if (outcome != null) {
            String message = outcome.message() == null ? "" : outcome.message() + "; ";
            reply =
                    new HookReply(
                            outcome.status(),
                            outcome.code(),
                            outcome.reason(),
                            outcome.exitCode(),
                            message + "its output is not kept any more",
                            null,
                            null,
                            null,
                            outcome.durationMillis(),
                            id);
        }
    }

    private static int length(@Nullable Object text) {
        return text == null ? 0 : text.toString().length();
    }

    /// The reply, or one with status Running if there is none within that time.
    HookReply await(int seconds) throws InterruptedException {
        boolean finished = done.await(seconds, TimeUnit.SECONDS);
        HookReply outcome = reply;
        return finished && outcome != null ? outcome : running();
    }

    private HookReply running() {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        return new HookReply(
                HookStatus.RUNNING,
                202,
                null,
                null,
                api + " still runs",
                null,
                null,
                null,
                millis,
                id);
    }
}
