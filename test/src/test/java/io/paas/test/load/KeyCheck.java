package io.paas.test.load;

import io.paas.test.load.Operation.Kind;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The list of one key: what was written to it, what reads were shown, what was found at the end.
///
/// @param writes by their numbers
record KeyCheck(String key, Map<Long, Operation> writes, List<Shown> shown, List<Long> found) {

    /// What a read was shown.
    ///
    /// @param begin a write that was acknowledged before must be in it
    record Shown(Duration begin, List<Long> list) {}

    static KeyCheck of(String key, List<Operation> operations, List<Long> found) {
        return new KeyCheck(
                key,
                operations.stream()
                        .filter(operation -> operation.kind() == Kind.WRITE)
                        .collect(Collectors.toMap(Operation::number, Function.identity())),
                operations.stream()
                        .filter(operation -> operation.kind() == Kind.READ)
                        .flatMap(read -> read.attempts().stream())
                        .flatMap(KeyCheck::shown)
                        .toList(),
                found);
    }

    private static Stream<Shown> shown(Attempt read) {
        return read.outcome() instanceof Outcome.Ok(List<Long> seen)
                ? Stream.of(new Shown(read.begin(), seen))
                : Stream.empty();
    }

    Set<Long> lost() {
        Set<Long> there = new HashSet<>(found);
        return writes.values().stream()
                .filter(write -> write.succeeded() && !there.contains(write.number()))
                .map(Operation::number)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    Set<Long> duplicates() {
        Map<Long, Long> times =
                found.stream()
                        .collect(Collectors.groupingBy(number -> number, Collectors.counting()));
        return there(
                number ->
                        possible(number) > 0 && times.getOrDefault(number, 0L) > possible(number));
    }

    Set<Long> unexpected() {
        return there(number -> possible(number) == 0);
    }

    Set<Long> stale() {
        Set<Long> there = new HashSet<>(found);
        List<Operation> kept =
                writes.values().stream().filter(write -> there.contains(write.number())).toList();
        Set<Long> stale = new TreeSet<>();
        for (Shown read : shown) {
            Set<Long> list = new HashSet<>(read.list());
            kept.stream()
                    .filter(write -> wasAcknowledged(write, read.begin()))
                    .map(Operation::number)
                    .filter(number -> !list.contains(number))
                    .forEach(stale::add);
        }
        return stale;
    }

    /// The end alone would not tell of a list that was in order again by then.
    Set<Long> outOfOrder() {
        return Stream.concat(Stream.of(found), shown.stream().map(Shown::list))
                .flatMap(list -> outOfOrder(list).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// Of one that is there twice the first counts: a second attempt may be done at any time.
    private Set<Long> outOfOrder(List<Long> list) {
        Set<Long> late = new HashSet<>();
        Duration newest = Duration.ZERO;
        for (Long number : new LinkedHashSet<>(list)) {
            Operation write = writes.get(number);
            if (write == null) {
                continue;
            }
            if (wasAcknowledged(write, newest)) {
                late.add(number);
            }
            Duration begin = write.first().begin();
            newest = begin.compareTo(newest) > 0 ? begin : newest;
        }
        return late;
    }

    private static boolean wasAcknowledged(Operation write, Duration before) {
        return write.acknowledged().filter(end -> end.compareTo(before) < 0).isPresent();
    }

    private Set<Long> there(Predicate<Long> which) {
        return found.stream().filter(which).collect(Collectors.toCollection(TreeSet::new));
    }

    /// How often it may be there.
    private long possible(long number) {
        Operation write = writes.get(number);
        return write == null ? 0 : write.attempts().stream().filter(Attempt::mayBeDone).count();
    }
}
