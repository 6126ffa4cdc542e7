package io.paas.test.faults;

import io.paas.test.proxy.Write;
import io.paas.test.proxy.WriteFault;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One fault at one place of one scenario; its text names it in reports.
sealed interface Point {

    /// How long watches lag or lose events.
    Duration LAG = Duration.ofSeconds(5);

    Set<String> ALL = Set.of("expodsets", "pods", "persistentvolumeclaims", "controllerrevisions");

    Scenario scenario();

    /// The write at which it happens; null: just before the user asks.
    @Nullable Write at();

    /// Does it.
    ///
    /// @return what becomes of the write; null when it goes through
    @Nullable WriteFault happen(World world);

    /// A write that fails, or the process with it.
    record OnWrite(Scenario scenario, Write at, WriteFault fault) implements Point {
        @Override
        public WriteFault happen(World world) {
            return fault;
        }

        @Override
        public String toString() {
            return scenario + ": " + fault + " at " + at;
        }
    }

    /// Watches that break, lag or lose events from a write on.
    record OnWatch(Scenario scenario, @Nullable Write at, Kind kind, Set<String> resources)
            implements Point {

        enum Kind {
            CUT,
            HOLD,
            DROP,
            /// The process dies; to the next one the server shows old lists where it may, and its
            /// watches lag.
            RESTART_STALE
        }

        @Override
        public @Nullable WriteFault happen(World world) {
            switch (kind) {
                case CUT -> world.proxy().watches().cut(resources);
                case HOLD -> world.proxy().watches().hold(resources, LAG);
                case DROP -> world.proxy().watches().drop(resources, Duration.ofSeconds(2));
                case RESTART_STALE -> {
                    world.proxy().watches().hold(resources, LAG);
                    if (at != null) {
                        return WriteFault.KILL_AFTER;
                    }
                    world.restart();
                }
            }
            return null;
        }

        @Override
        public String toString() {
            return scenario
                    + ": "
                    + kind
                    + " of "
                    + (resources.equals(ALL) ? "all" : String.join(", ", resources))
                    + (at == null ? " at the start" : " at " + at);
        }
    }
}
