package io.paas.controllers.operation;

import io.paas.api.v1.Operation;
import io.paas.api.v1.Operation.Control;
import io.paas.api.v1.OperationOutcome;
import io.paas.controllers.runtime.ClusterOperations;
import io.paas.kube.client.ObjectKey;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Whose turn it is in each cluster: one Operation at a time, the oldest first.
///
/// What it remembers covers the moment in which the cache does not yet show that an Operation of
/// this process has begun; a new leader starts with full caches and needs nothing else.
final class Turns {

    private final Map<ObjectKey, String> holders = new HashMap<>();

    /// Takes the turn if it is free.
    ///
    /// @param all Operations of the same cluster, by the cache
    /// @return null when it is now this Operation's turn, else whose it is
    synchronized @Nullable String take(Operation mine, List<Operation> all) {
        ObjectKey cluster = ClusterOperations.clusterOf(mine);
        String name = ObjectKey.of(mine).name();
        String known = holders.get(cluster);
        String holder = known != null && isThere(known, mine, all) ? known : first(mine, all);
        if (!holder.equals(name)) {
            return holder;
        }
        holders.put(cluster, name);
        return null;
    }

    /// Gives the turn back; without effect when another has it.
    synchronized void release(Operation mine) {
        holders.remove(ClusterOperations.clusterOf(mine), ObjectKey.of(mine).name());
    }

    /// One that was deleted while it was reconciled cannot give its turn back.
    private static boolean isThere(String name, Operation mine, List<Operation> all) {
        return Stream.concat(Stream.of(mine), all.stream())
                .anyMatch(o -> isOpen(o) && ObjectKey.of(o).name().equals(name));
    }

    private static String first(Operation mine, List<Operation> all) {
        return all.stream()
                .filter(other -> isOpen(other) && !ObjectKey.of(other).equals(ObjectKey.of(mine)))
                .filter(other -> hasBegun(other) || precedes(other, mine))
                .min(Comparator.comparing(Turns::hasBegun).reversed().thenComparing(Turns::age))
                .map(other -> ObjectKey.of(other).name())
                .filter(_ -> !hasBegun(mine))
                .orElse(ObjectKey.of(mine).name());
    }

    private static boolean precedes(Operation other, Operation mine) {
        return other.spec().control() != Control.PAUSE && age(other).compareTo(age(mine)) < 0;
    }

    private static String age(Operation operation) {
        return Objects.requireNonNull(operation.metadata().getCreationTimestamp()).toInstant()
                + " "
                + ObjectKey.of(operation).name();
    }

    static boolean isOpen(Operation operation) {
        Operation.Status status = operation.status();
        return operation.metadata().getDeletionTimestamp() == null
                && !OperationOutcome.isRecorded(operation)
                && (status == null || status.phase() == null || !status.phase().isFinal());
    }

    private static boolean hasBegun(Operation operation) {
        return operation.status() != null && operation.status().startedAt() != null;
    }
}
