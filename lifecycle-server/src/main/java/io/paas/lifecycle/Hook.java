package io.paas.lifecycle;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One entry of `lifecycle.yaml`: which command answers a path, and within which bounds.
///
/// @param command argv; never given to a shell
/// @param timeoutSeconds of one attempt
/// @param retries further attempts after a failed one (not after "not yet" or "incompatible")
/// @param parallel whether a second call may run beside the first; otherwise it gets 409
/// @param outputLimitBytes kept of stdout and of stderr, each
/// @param exitCodes what the command's own exit codes mean, over the defaults of [Outcome]
/// @param periodSeconds how often the agent itself calls it (`role`, `health-check`)
/// @param failureThreshold failed checks in a row until the verdict is bad
public record Hook(
        String path,
        List<String> command,
        int timeoutSeconds,
        int retries,
        int retryIntervalSeconds,
        boolean parallel,
        int outputLimitBytes,
        Map<Integer, Outcome> exitCodes,
        @Nullable Integer periodSeconds,
        @Nullable Integer failureThreshold) {
    public static final int DEFAULT_TIMEOUT_SECONDS = 30;
    public static final int DEFAULT_OUTPUT_LIMIT = 16 * 1024;
    public static final int MAX_OUTPUT_LIMIT = 256 * 1024;

    public Hook {
        command = List.copyOf(command);
        exitCodes = Map.copyOf(exitCodes);
    }
}
