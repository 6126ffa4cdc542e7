package io.paas.test.faults;

import io.paas.test.proxy.FaultProxy;
import io.paas.test.proxy.Write;
import io.paas.test.proxy.WriteFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a scenario does when nothing goes wrong.
///
/// @param writes of the controller, in order
/// @param untilEnd by write: how long after it the end state was there
/// @param duration from the user's request to the end state
record Reference(
        Scenario scenario,
        List<Write> writes,
        Map<String, Duration> untilEnd,
        Duration duration,
        EndState end,
        SafetyObserver.Counts counts) {

    static Reference of(
            Scenario scenario,
            List<FaultProxy.Seen> seen,
            long begin,
            long end,
            EndState state,
            SafetyObserver.Counts counts) {
        Map<String, Duration> untilEnd = new TreeMap<>();
        seen.forEach(s -> untilEnd.put(s.write().toString(), Duration.ofNanos(end - s.nanos())));
        return new Reference(
                scenario,
                seen.stream().map(FaultProxy.Seen::write).toList(),
                untilEnd,
                Duration.ofNanos(end - begin),
                state,
                counts);
    }

    /// How long after a point the end state is there when nothing is broken at it.
    Duration untilEnd(@Nullable Write at) {
        return at == null ? duration : untilEnd.getOrDefault(at.toString(), Duration.ZERO);
    }

    /// Every write with every fault; and what can happen to watches, at the start and at each write
    /// that creates or deletes a Pod.
    List<Point> points() {
        List<Point> points = new ArrayList<>();
        for (Write write : writes) {
            for (WriteFault fault : WriteFault.values()) {
                points.add(new Point.OnWrite(scenario, write, fault));
            }
        }
        watchPoints(points, null, List.of("pods", "expodsets", "persistentvolumeclaims"));
        writes.stream()
                .filter(write -> write.resource().equals("pods"))
                .forEach(write -> watchPoints(points, write, List.of("pods")));
        return points;
    }

    private void watchPoints(List<Point> points, @Nullable Write at, List<String> single) {
        for (Point.OnWatch.Kind kind : Point.OnWatch.Kind.values()) {
            points.add(new Point.OnWatch(scenario, at, kind, Point.ALL));
            if (kind != Point.OnWatch.Kind.RESTART_STALE) {
                single.forEach(
                        resource ->
                                points.add(
                                        new Point.OnWatch(scenario, at, kind, Set.of(resource))));
            }
        }
    }
}
