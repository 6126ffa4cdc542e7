package io.paas.pid1;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The labels of the Pod that the agent lives in.
interface OwnPod {
    /// The label's value, null if it is not set.
    @Nullable String label(String key) throws IOException, InterruptedException;

    void patchLabel(String key, String value) throws IOException, InterruptedException;
}
