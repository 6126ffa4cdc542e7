package io.paas.wire;

import com.google.gson.annotations.SerializedName;

/// What a user asked for. Kept apart from [ProcessState]: a crash never changes it.
public enum DesiredState {
    @SerializedName("Running")
    RUNNING,
    @SerializedName("Stopped")
    STOPPED
}
