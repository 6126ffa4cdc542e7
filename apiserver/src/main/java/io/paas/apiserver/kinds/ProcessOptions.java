package io.paas.apiserver.kinds;

import java.util.List;
import org.jspecify.annotations.Nullable;

@Doc("ProcessOptions say how the process of one Pod is started, stopped or restarted.")
public record ProcessOptions(
        @Doc(
                        value = "Graceful (default) runs the stop sequence; Force kills.",
                        oneOf = {"Graceful", "Force"})
                @Nullable String mode,
        @Doc(
                        value =
                                "Seconds that a graceful stop waits before it kills. Unset means the"
                                        + " extension's stop sequence.",
                        minimum = 0,
                        maximum = 3600)
                @Nullable Integer gracePeriodSeconds,
        @Doc(
                        "Makes the request repeatable: the same id with the same body gives the same"
                                + " answer, with another body a conflict. At most 128 characters.")
                @Nullable String requestID,
        @Doc("Go on although an Operation runs on the Pod's cluster.")
                @Nullable Boolean ignoreRunningOperation,
        @Doc("['All'] answers what would be done and does nothing.") List<String> dryRun) {

    public ProcessOptions {
        dryRun = dryRun == null ? List.of() : dryRun;
    }
}
