package io.paas.api.v1;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Whether the processes of a group are meant to run. Stopped is durable: new Pods obey it.
public enum ProcessState {
    @JsonProperty("Running")
    RUNNING,
    @JsonProperty("Stopped")
    STOPPED
}
