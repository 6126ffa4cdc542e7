package io.paas.test.load;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What became of the writes; all empty in a database that keeps its word. The questions are those
/// of Jepsen's `set-full`, for lists that tell the order, too.
///
/// @param lost acknowledged, and not there at the end
/// @param duplicates there more often than there were attempts that may have been done
/// @param outOfOrder behind one whose write began only after this one was acknowledged
/// @param unexpected there, though nobody wrote it or each attempt surely failed
/// @param stale acknowledged, not shown to a read that began later, and there at the end
public record Safety(
        List<Entry> lost,
        List<Entry> duplicates,
        List<Entry> outOfOrder,
        List<Entry> unexpected,
        List<Entry> stale) {

    /// One number in a key's list.
    public record Entry(String key, long number) {
        @Override
        public String toString() {
            return key + ":" + number;
        }
    }

    /// Judges a load by what it saw and what was there afterwards.
    ///
    /// @param found the list of each key, read when the load was over
    static Safety of(History history, Map<String, List<Long>> found) {
        Map<String, List<Operation>> operations =
                history.operations().stream().collect(Collectors.groupingBy(Operation::key));
        List<KeyCheck> checks =
                Stream.concat(operations.keySet().stream(), found.keySet().stream())
                        .distinct()
                        .sorted()
                        .map(
                                key ->
                                        KeyCheck.of(
                                                key,
                                                operations.getOrDefault(key, List.of()),
                                                found.getOrDefault(key, List.of())))
                        .toList();
        return new Safety(
                all(checks, KeyCheck::lost),
                all(checks, KeyCheck::duplicates),
                all(checks, KeyCheck::outOfOrder),
                all(checks, KeyCheck::unexpected),
                all(checks, KeyCheck::stale));
    }

    private static List<Entry> all(List<KeyCheck> checks, Function<KeyCheck, Set<Long>> numbers) {
        return checks.stream()
                .flatMap(
                        check ->
                                numbers.apply(check).stream()
                                        .map(number -> new Entry(check.key(), number)))
                .toList();
    }

    @Override
    public String toString() {
        return "lost %d, duplicates %d, out of order %d, unexpected %d, stale %d"
                .formatted(
                        lost.size(),
                        duplicates.size(),
                        outOfOrder.size(),
                        unexpected.size(),
                        stale.size());
    }
}
