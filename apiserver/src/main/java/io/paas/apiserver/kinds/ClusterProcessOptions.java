package io.paas.apiserver.kinds;

import java.util.List;
import org.jspecify.annotations.Nullable;

@Doc(
        "ClusterProcessOptions say on which Pods of a cluster processes are started, stopped or"
                + " restarted, and how.")
public record ClusterProcessOptions(
        @Doc("Which Pods; unset means all.") @Nullable ProcessSelector selector,
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
        @Doc(value = "How many Pods are worked on at once; 1 if unset.", minimum = 1, maximum = 100)
                @Nullable Integer maxConcurrent,
        @Doc(
                        value =
                                "Seconds from the end of one wave to the start of the next; 0 if"
                                        + " unset.",
                        minimum = 0,
                        maximum = 86400)
                @Nullable Integer intervalSeconds,
        @Doc(
                        "Makes the request repeatable: the same id with the same body gives the same"
                                + " Operation, with another body a conflict. At most 128 characters.")
                @Nullable String requestID,
        @Doc("['All'] answers the plan and writes nothing.") List<String> dryRun) {

    public ClusterProcessOptions {
        dryRun = dryRun == null ? List.of() : dryRun;
    }

    @Doc("ProcessSelector chooses Pods of a cluster; what is set must all hold.")
    public record ProcessSelector(
            @Doc("Names of groups; empty means all.") List<String> groups,
            @Doc("Role that the Pods have now, for example replica.") @Nullable String role,
            @Doc("Ordinals of the Pods; empty means all.") List<Integer> ordinals) {

        public ProcessSelector {
            groups = groups == null ? List.of() : groups;
            ordinals = ordinals == null ? List.of() : ordinals;
        }
    }
}
