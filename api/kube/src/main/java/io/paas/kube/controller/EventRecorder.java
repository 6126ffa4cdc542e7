package io.paas.kube.controller;

import io.kubernetes.client.common.KubernetesObject;

/// Tells people, by `kubectl describe`, what a controller did to an object and why.
public interface EventRecorder {

    /// Something happened as it should.
    ///
    /// @param action what was done, CamelCase, as `CreatePod`
    /// @param reason why or with what outcome, CamelCase
    /// @param note one sentence
    void normal(KubernetesObject regarding, String action, String reason, String note);

    /// Something a person should know about; parameters as for [#normal].
    void warning(KubernetesObject regarding, String action, String reason, String note);
}
