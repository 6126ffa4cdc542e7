package io.paas.wire;

import org.jspecify.annotations.Nullable;

/// How often the extension's `health-check` hook runs and when its failures count. Absent fields
/// keep what the extension's `lifecycle.yaml` says.
public record HealthPolicy(
        @Nullable Integer periodSeconds,
        @Nullable Integer timeoutSeconds,
        @Nullable Integer failureThreshold) {
    public HealthPolicy {
        Require.within("health.periodSeconds", periodSeconds, 1, 3600);
        Require.within("health.timeoutSeconds", timeoutSeconds, 1, 600);
        Require.within("health.failureThreshold", failureThreshold, 1, 100);
    }
}
