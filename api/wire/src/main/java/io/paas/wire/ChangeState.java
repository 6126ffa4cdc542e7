package io.paas.wire;

import com.google.gson.annotations.SerializedName;

/// How far a change is. `RUNNING` is the only one that is not final.
public enum ChangeState {
    @SerializedName("Running")
    RUNNING,
    @SerializedName("Succeeded")
    SUCCEEDED,
    @SerializedName("Failed")
    FAILED
}
