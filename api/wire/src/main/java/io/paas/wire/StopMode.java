package io.paas.wire;

import com.google.gson.annotations.SerializedName;

/// `GRACEFUL` runs the declared stop sequence; `FORCE` sends KILL to the group at once.
public enum StopMode {
    @SerializedName("Graceful")
    GRACEFUL,
    @SerializedName("Force")
    FORCE
}
