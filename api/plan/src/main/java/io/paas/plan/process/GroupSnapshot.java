package io.paas.plan.process;

import io.paas.api.meta.Labels;
import io.paas.api.v1.ExPodSet;
import io.paas.plan.expodset.Settings;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A group of a cluster at one instant.
///
/// @param restartOrder roles in the order in which their Pods are restarted, the primary last
/// @param pods that exist, in any order
/// @param missing Pods that are wanted and do not exist at this moment
public record GroupSnapshot(
        String name, List<String> restartOrder, List<Pod> pods, List<Pod> missing) {

    /// What an int holds in any case.
    private static final Pattern ORDINAL = Pattern.compile("0|[1-9][0-9]{0,8}");

    public GroupSnapshot {
        restartOrder = List.copyOf(restartOrder);
        pods = List.copyOf(pods);
        missing = List.copyOf(missing);
    }

    /// The group of an ExPodSet.
    public static GroupSnapshot of(ExPodSet set, List<Pod> pods) {
        String name = Objects.requireNonNull(set.metadata().getName());
        Map<String, String> labels = set.metadata().getLabels();
        Set<Integer> present = pods.stream().map(Pod::ordinal).collect(Collectors.toSet());
        return new GroupSnapshot(
                labels == null ? name : labels.getOrDefault(Labels.GROUP, name),
                set.spec().restartOrder(),
                pods,
                Settings.of(set.spec()).running().stream()
                        .filter(ordinal -> !present.contains(ordinal))
                        .map(ordinal -> new Pod(name + "-" + ordinal, ordinal, null, false, null))
                        .toList());
    }

    GroupSnapshot withMissing() {
        return new GroupSnapshot(
                name,
                restartOrder,
                Stream.concat(pods.stream(), missing.stream()).toList(),
                List.of());
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
