package io.paas.wire;

import com.google.gson.annotations.SerializedName;

/// The outcome of a hook; `RUNNING` comes with HTTP 202 and is to be asked for again.
public enum HookStatus {
    @SerializedName("Success")
    SUCCESS,
    @SerializedName("Failure")
    FAILURE,
    @SerializedName("Running")
    RUNNING
}
