package io.paas.wire;

import com.google.gson.annotations.SerializedName;

/// Whether an exited process is started again while it is desired up.
public enum RestartPolicy {
    @SerializedName("Always")
    ALWAYS("always"),
    @SerializedName("OnFailure")
    ON_FAILURE("on-failure"),
    @SerializedName("Never")
    NEVER("never");

    private final String word;

    RestartPolicy(String word) {
        this.word = word;
    }

    /// The launcher's spelling in a services file.
    public String word() {
        return word;
    }
}
