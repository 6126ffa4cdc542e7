package io.paas.plan.expodset;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// Ordinals as people write them: numbers (`2`) and ranges (`5-7`).
public record OrdinalSet(List<Range> ranges) {

    /// Both ends belong to it.
    public record Range(int first, int last) {
        boolean contains(int ordinal) {
            return first <= ordinal && ordinal <= last;
        }

        @Override
        public String toString() {
            return first == last ? Integer.toString(first) : first + "-" + last;
        }
    }

    /// Reads numbers and ranges.
    ///
    /// @throws IllegalArgumentException when one is neither
    public static OrdinalSet parse(Collection<String> texts) {
        List<Range> ranges = new ArrayList<>();
        for (String text : texts) {
            int dash = text.indexOf('-');
            try {
                int first = Integer.parseInt(dash < 0 ? text : text.substring(0, dash));
                int last = dash < 0 ? first : Integer.parseInt(text.substring(dash + 1));
                ranges.add(new Range(first, last));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "'" + text + "' is neither an ordinal nor a range", e);
            }
        }
        return new OrdinalSet(List.copyOf(ranges));
    }

    public boolean contains(int ordinal) {
        return ranges.stream().anyMatch(range -> range.contains(ordinal));
    }

    /// The first `replicas` natural numbers that are not in this set.
    public SortedSet<Integer> running(int replicas) {
        SortedSet<Integer> running = new TreeSet<>();
        for (int ordinal = 0; running.size() < replicas; ordinal++) {
            if (!contains(ordinal)) {
                running.add(ordinal);
            }
        }
        return Collections.unmodifiableSortedSet(running);
    }

    /// The shortest text of some ordinals, as `0-4,7`; empty for none. [#parseText] reads it.
    public static String text(SortedSet<Integer> ordinals) {
        List<Range> ranges = new ArrayList<>();
        for (int ordinal : ordinals) {
            if (!ranges.isEmpty() && ranges.getLast().last() == ordinal - 1) {
                ranges.add(new Range(ranges.removeLast().first(), ordinal));
            } else {
                ranges.add(new Range(ordinal, ordinal));
            }
        }
        return String.join(",", ranges.stream().map(Range::toString).toList());
    }

    public static OrdinalSet parseText(String text) {
        return parse(text.isBlank() ? List.of() : List.of(text.split(",", -1)));
    }
}
