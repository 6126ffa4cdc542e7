package io.paas.test.load;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/// All that a load did.
///
/// @param operations in the order in which they were due
/// @param length from the start of the load to its end, after which nothing was due
record History(List<Operation> operations, Duration length) {

    History {
        operations = operations.stream().sorted(Comparator.comparing(Operation::due)).toList();
    }

    List<Operation> all(Operation.Kind kind) {
        return operations.stream().filter(operation -> operation.kind() == kind).toList();
    }
}
