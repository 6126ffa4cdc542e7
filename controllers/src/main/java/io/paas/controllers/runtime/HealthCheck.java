package io.paas.controllers.runtime;

import org.jspecify.annotations.Nullable;

/// One thing that must be well for the process to be ready.
///
/// @param name as `informer/pods`
/// @param problem what is wrong, null when nothing is
public record HealthCheck(String name, @Nullable String problem) {

    public boolean isOk() {
        return problem == null;
    }

    public String line() {
        return problem == null ? "[+]" + name + " ok" : "[-]" + name + " failed: " + problem;
    }
}
