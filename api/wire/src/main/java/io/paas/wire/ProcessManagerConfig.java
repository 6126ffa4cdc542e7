package io.paas.wire;

import org.jspecify.annotations.Nullable;

/// The body of `PUT /v1/config`: what may change about a process without restarting it. An absent
/// field means what the services file says, so a PUT replaces the whole set of overrides.
///
/// @param backoffInitialMillis wait before the first automatic restart
/// @param backoffMaxMillis cap of the doubling wait
/// @param startLimitBurst starts allowed within `startLimitSeconds` before the state is Failed
/// @param gracePeriodSeconds wait of the first stop step
public record ProcessManagerConfig(
        @Nullable RestartPolicy restart,
        @Nullable Integer backoffInitialMillis,
        @Nullable Integer backoffMaxMillis,
        @Nullable Integer startLimitBurst,
        @Nullable Integer startLimitSeconds,
        @Nullable Integer gracePeriodSeconds,
        @Nullable HealthPolicy health) {
    public ProcessManagerConfig {
        Require.within("backoffInitialMillis", backoffInitialMillis, 0, 3_600_000);
        Require.within("backoffMaxMillis", backoffMaxMillis, 0, 3_600_000);
        Require.that(
                backoffInitialMillis == null
                        || backoffMaxMillis == null
                        || backoffInitialMillis <= backoffMaxMillis,
                "backoffInitialMillis must not exceed backoffMaxMillis");
        Require.within("startLimitBurst", startLimitBurst, 1, 1000);
        Require.within("startLimitSeconds", startLimitSeconds, 1, 86_400);
        Require.within(
                "gracePeriodSeconds", gracePeriodSeconds, 0, ProcessRequest.MAX_GRACE_SECONDS);
    }

    /// No override at all.
    public static ProcessManagerConfig none() {
        return new ProcessManagerConfig(null, null, null, null, null, null, null);
    }
}
