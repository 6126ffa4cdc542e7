package io.paas.kube.controller;

import io.paas.kube.client.ObjectKey;

/// Brings one object's world closer to its spec. Called for one key by one thread at a time.
@FunctionalInterface
public interface Reconciler {

    /// Does one round: observe, plan, apply, report.
    ///
    /// @throws Exception when it failed; the key is retried with backoff
    Result reconcile(ObjectKey key) throws Exception;
}
