package io.paas.plan.process;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A group of a cluster at one instant.
///
/// @param restartOrder roles in the order in which their Pods are restarted, the primary last
/// @param pods in any order
public record GroupSnapshot(String name, List<String> restartOrder, List<Pod> pods) {

    public GroupSnapshot {
        restartOrder = List.copyOf(restartOrder);
        pods = List.copyOf(pods);
    }

    /// One Pod of the group.
    ///
    /// @param role null while it has not said one
    /// @param node null while it is not scheduled
    public record Pod(
            String name,
            int ordinal,
            @Nullable String role,
            boolean ready,
            @Nullable String node) {}
}
