package io.paas.plan.process;

import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A group of a cluster at one instant.
///
/// @param restartOrder roles in the order in which their Pods are restarted, the primary last
/// @param pods in any order
public record GroupSnapshot(String name, List<String> restartOrder, List<Pod> pods) {

    /// What an int holds in any case.
    private static final Pattern ORDINAL = Pattern.compile("0|[1-9][0-9]{0,8}");

    public GroupSnapshot {
        restartOrder = List.copyOf(restartOrder);
        pods = List.copyOf(pods);
    }

    /// The ordinal of an ExPodSet's Pod, which its name says. Labels and owner references are
    /// anybody's to write; a Pod of another name is none of the set's.
    public static OptionalInt ordinal(String set, String pod) {
        return pod.startsWith(set + "-")
                        && ORDINAL.matcher(pod.substring(set.length() + 1)).matches()
                ? OptionalInt.of(Integer.parseInt(pod.substring(set.length() + 1)))
                : OptionalInt.empty();
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
