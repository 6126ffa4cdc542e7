package io.paas.apiserver.kinds;

import java.util.List;
import org.jspecify.annotations.Nullable;

@Doc(
        "ScaleOptions say which Pods a group of a cluster is to have. Exactly one of replicas,"
                + " removeOrdinals and restoreOrdinals is set.")
public record ScaleOptions(
        @Doc(value = "Name of the group.", required = true) @Nullable String group,
        @Doc(
                        value =
                                "Number of Pods. When it becomes smaller, the highest ordinals"
                                        + " leave.",
                        minimum = 0,
                        maximum = 1000)
                @Nullable Integer replicas,
        @Doc(
                        value =
                                "Ordinals of the Pods that leave; the others keep theirs. Volumes are kept.",
                        maxItems = 256)
                List<Integer> removeOrdinals,
        @Doc(
                        value =
                                "Ordinals that were taken out and come back, with the volumes that they"
                                        + " had.",
                        maxItems = 256)
                List<Integer> restoreOrdinals,
        @Doc(
                        "Makes the request repeatable: the same id with the same body gives the same"
                                + " Operation, with another body a conflict. At most 128 characters.")
                @Nullable String requestID,
        @Doc("['All'] answers the plan and writes nothing.") List<String> dryRun) {

    public ScaleOptions {
        removeOrdinals = removeOrdinals == null ? List.of() : removeOrdinals;
        restoreOrdinals = restoreOrdinals == null ? List.of() : restoreOrdinals;
        dryRun = dryRun == null ? List.of() : dryRun;
    }
}
