package io.paas.controllers.operation;

import io.paas.api.v1.Operation;
import io.paas.wire.DesiredState;
import io.paas.wire.ProcessState;
import io.paas.wire.ProcessStatus;
import java.time.Instant;

/// Whether the world is already as a step wants it.
final class StepChecks {

    private StepChecks() {}

    /// For a restart, the node's clock is compared with ours. If it is behind, the restart is asked
    /// for again under the same request id, which does nothing twice; if it is ahead, a process
    /// that died by itself that much before the step counts as restarted.
    ///
    /// @param since when the step began
    static boolean isDone(Operation.Type type, ProcessStatus process, Instant since) {
        boolean runs =
                process.state() == ProcessState.RUNNING
                        && process.desiredState() == DesiredState.RUNNING;
        return switch (type) {
            case START -> runs;
            case STOP ->
                    process.state() == ProcessState.STOPPED
                            && process.desiredState() == DesiredState.STOPPED;
            case RESTART ->
                    runs && process.startedAt() != null && process.startedAt().isAfter(since);
            case SCALE_OUT, SCALE_IN, TOPOLOGY_CHANGE, TEMPLATE_CHANGE ->
                    throw new IllegalStateException("no agent is asked for a " + type);
        };
    }
}
