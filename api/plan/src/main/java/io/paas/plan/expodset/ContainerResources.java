package io.paas.plan.expodset;

import com.fasterxml.jackson.databind.JsonNode;
import io.kubernetes.client.custom.Quantity;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// CPU and memory of one container: what `pods/resize` can change.
///
/// @param requests as the API server completes them: what is only limited is requested, too
public record ContainerResources(
        SortedMap<String, String> requests, SortedMap<String, String> limits) {

    static final List<String> RESIZABLE = List.of("cpu", "memory");

    public ContainerResources {
        requests = Collections.unmodifiableSortedMap(new TreeMap<>(requests));
        limits = Collections.unmodifiableSortedMap(new TreeMap<>(limits));
    }

    static ContainerResources of(JsonNode container) {
        SortedMap<String, String> limits = resizable(container.at("/resources/limits"));
        SortedMap<String, String> requests = new TreeMap<>(limits);
        requests.putAll(resizable(container.at("/resources/requests")));
        return new ContainerResources(requests, limits);
    }

    /// A resize can add and change, not remove.
    boolean dropsAnyOf(ContainerResources before) {
        return !requests.keySet().containsAll(before.requests().keySet())
                || !limits.keySet().containsAll(before.limits().keySet());
    }

    boolean sameAs(ContainerResources other) {
        return same(requests, other.requests) && same(limits, other.limits);
    }

    /// Whether a container has all of this; what it has beside it (a LimitRange) does not matter.
    boolean holdIn(Map<String, Quantity> itsRequests, Map<String, Quantity> itsLimits) {
        return within(requests, itsRequests) && within(limits, itsLimits);
    }

    private static boolean same(Map<String, String> a, Map<String, String> b) {
        return a.keySet().equals(b.keySet())
                && a.keySet().stream().allMatch(key -> same(a.get(key), b.get(key)));
    }

    private static boolean within(Map<String, String> wanted, Map<String, Quantity> present) {
        return wanted.keySet().stream()
                .allMatch(
                        key -> {
                            Quantity value = present.get(key);
                            return value != null && same(wanted.get(key), value.toSuffixedString());
                        });
    }

    /// `1` and `1000m` are the same.
    private static boolean same(@Nullable String a, @Nullable String b) {
        if (a == null || b == null || a.equals(b)) {
            return a != null && b != null;
        }
        try {
            return new Quantity(a).getNumber().compareTo(new Quantity(b).getNumber()) == 0;
        } catch (RuntimeException _) {
            // What is no quantity is refused by the API server, not here.
            return false;
        }
    }

    private static SortedMap<String, String> resizable(JsonNode quantities) {
        SortedMap<String, String> found = new TreeMap<>();
        for (String name : RESIZABLE) {
            if (quantities.hasNonNull(name)) {
                found.put(name, quantities.path(name).asText());
            }
        }
        return found;
    }
}
