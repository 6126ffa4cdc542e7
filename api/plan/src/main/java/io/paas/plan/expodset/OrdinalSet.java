package io.paas.plan.expodset;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
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

    /// The same ordinals in the fewest ranges, ascending: equal sets are written equally.
    public OrdinalSet normalized() {
        List<Range> merged = new ArrayList<>();
        for (Range range : ranges.stream().sorted(Comparator.comparingInt(Range::first)).toList()) {
            if (!merged.isEmpty() && range.first() <= merged.getLast().last() + 1) {
                Range before = merged.removeLast();
                merged.add(new Range(before.first(), Math.max(before.last(), range.last())));
            } else {
                merged.add(range);
            }
        }
        return new OrdinalSet(List.copyOf(merged));
    }

    /// All but these.
    public OrdinalSet without(SortedSet<Integer> ordinals) {
        List<Range> rest = new ArrayList<>();
        for (Range range : ranges) {
            int next = range.first();
            for (int ordinal : ordinals.subSet(range.first(), range.last() + 1)) {
                if (next < ordinal) {
                    rest.add(new Range(next, ordinal - 1));
                }
                next = ordinal + 1;
            }
            if (next <= range.last()) {
                rest.add(new Range(next, range.last()));
            }
        }
        return new OrdinalSet(List.copyOf(rest));
    }

    /// As [#parse] reads them.
    public List<String> toTexts() {
        return ranges.stream().map(Range::toString).toList();
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

    public static OrdinalSet of(Collection<Integer> ordinals) {
        return new OrdinalSet(ordinals.stream().map(o -> new Range(o, o)).toList()).normalized();
    }

    /// The shortest text of some ordinals, as `0-4,7`; empty for none. [#parseText] reads it.
    public static String text(SortedSet<Integer> ordinals) {
        return String.join(",", of(ordinals).toTexts());
    }

    public static OrdinalSet parseText(String text) {
        return parse(text.isBlank() ? List.of() : List.of(text.split(",", -1)));
    }
}
