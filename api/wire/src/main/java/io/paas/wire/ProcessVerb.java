package io.paas.wire;

import com.google.gson.annotations.SerializedName;

/// The three changes a caller can ask of a process.
public enum ProcessVerb {
    @SerializedName("start")
    START("start"),
    @SerializedName("stop")
    STOP("stop"),
    @SerializedName("restart")
    RESTART("restart");

    private final String word;

    ProcessVerb(String word) {
        this.word = word;
    }

    /// The spelling in paths (`/v1/process/<word>`) and in the token's `act` (`process/<word>`).
    public String word() {
        return word;
    }

    /// The `act` claim that allows this verb.
    public String act() {
        return "process/" + word;
    }
}
