package io.paas.kube.controller;

import java.time.Duration;

/// How a reconcile ended when it did not fail.
public sealed interface Result {

    Result DONE = new Done();

    /// Nothing to do until something changes.
    record Done() implements Result {}

    /// Nothing failed, but time itself will bring the next step.
    record RequeueAfter(Duration delay) implements Result {}

    static Result after(Duration delay) {
        return new RequeueAfter(delay);
    }
}
