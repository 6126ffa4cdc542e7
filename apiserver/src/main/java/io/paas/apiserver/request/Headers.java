package io.paas.apiserver.request;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/// The header fields of a request. Names are lower case; values keep their order.
public record Headers(Map<String, List<String>> byName) {

    public static final Headers NONE = new Headers(Map.of());

    public Headers {
        Map<String, List<String>> copy = new TreeMap<>();
        byName.forEach(
                (name, values) ->
                        copy.computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                                .addAll(values));
        copy.replaceAll((_, values) -> List.copyOf(values));
        byName = Collections.unmodifiableMap(copy);
    }

    /// All values of the header, never null.
    public List<String> all(String name) {
        return byName.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /// The first value of the header.
    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    /// These headers without those whose lower-case name the filter accepts.
    public Headers without(Predicate<String> filter) {
        Map<String, List<String>> rest = new TreeMap<>(byName);
        rest.keySet().removeIf(filter);
        return new Headers(rest);
    }
}
