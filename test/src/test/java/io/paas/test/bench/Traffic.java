package io.paas.test.bench;

import io.paas.test.bench.AuditTrail.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Requests of one user in some time.
record Traffic(List<Request> requests) {

    long ownWrites() {
        return count(Request::isOwnWrite);
    }

    long events() {
        return count(r -> r.isWrite() && r.isEvent());
    }

    long leases() {
        return count(r -> r.isWrite() && r.isLease());
    }

    /// Own writes that the server refused: they cost it as much.
    long refused() {
        return count(r -> r.isOwnWrite() && r.code() >= 400);
    }

    /// Without watches, and without those of the Lease, as everywhere.
    long reads() {
        return count(r -> !r.isWrite() && !r.isLease() && !r.verb().equals("watch"));
    }

    /// Own writes by what they do, as `create pods`.
    Map<String, Long> kinds() {
        Map<String, Long> kinds = new TreeMap<>();
        requests.stream()
                .filter(Request::isOwnWrite)
                .forEach(r -> kinds.merge(r.verb() + " " + r.resource(), 1L, Long::sum));
        return kinds;
    }

    Optional<Instant> lastOwnWrite() {
        return requests.stream()
                .filter(Request::isOwnWrite)
                .map(Request::at)
                .max(Comparator.naturalOrder());
    }

    /// The most requests that limits count (not Events and Leases: they have limits of their own)
    /// in any window of that length.
    int peak(Duration window) {
        List<Instant> times =
                requests.stream()
                        .filter(r -> !r.isEvent() && !r.isLease() && !r.verb().equals("watch"))
                        .map(Request::at)
                        .sorted()
                        .toList();
        int most = 0;
        for (int first = 0, last = 0; last < times.size(); last++) {
            while (Duration.between(times.get(first), times.get(last)).compareTo(window) >= 0) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    private long count(Predicate<Request> which) {
        return requests.stream().filter(which).count();
    }
}
