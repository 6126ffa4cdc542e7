package io.paas.wire;

import com.google.gson.annotations.SerializedName;

/// What the launcher last saw of a process. `BACKOFF` waits for the next try, `FAILED` has hit its
/// start limit or was told never to restart, and waits for a person.
public enum ProcessState {
    @SerializedName("Running")
    RUNNING,
    @SerializedName("Starting")
    STARTING,
    @SerializedName("Stopping")
    STOPPING,
    @SerializedName("Stopped")
    STOPPED,
    @SerializedName("Backoff")
    BACKOFF,
    @SerializedName("Failed")
    FAILED
}
