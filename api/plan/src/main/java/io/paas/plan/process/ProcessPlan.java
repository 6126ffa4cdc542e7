package io.paas.plan.process;

import io.paas.api.v1.Operation;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a start, stop or restart does, in order.
///
/// @param waves never empty; a wave begins when the one before it has ended
public record ProcessPlan(Operation.Type type, List<Wave> waves) {

    public ProcessPlan {
        waves = List.copyOf(waves);
    }

    /// Steps that run at once.
    ///
    /// @param number from 0
    public record Wave(int number, List<Step> steps) {
        public Wave {
            steps = List.copyOf(steps);
        }
    }

    /// One Pod's turn.
    ///
    /// @param name unique in the plan, for example `Restart-demo-nodes-0`
    /// @param role as it was when the plan was made
    public record Step(String name, String pod, String group, int ordinal, @Nullable String role) {}

    public List<Step> steps() {
        return waves.stream().flatMap(wave -> wave.steps().stream()).toList();
    }

    /// The plan as an Operation's status lists it before anything was done.
    public List<Operation.Step> toStatusSteps() {
        return waves.stream()
                .flatMap(wave -> wave.steps().stream().map(step -> pending(wave, step)))
                .toList();
    }

    private static Operation.Step pending(Wave wave, Step step) {
        return new Operation.Step(
                step.name(),
                step.pod(),
                step.group(),
                wave.number(),
                Operation.StepState.PENDING,
                null,
                null,
                null,
                null);
    }

    /// For people: `Restart demo-0 demo-1 | demo-2`.
    @Override
    public String toString() {
        return waves.stream()
                .map(wave -> wave.steps().stream().map(Step::pod).collect(Collectors.joining(" ")))
                .collect(Collectors.joining(" | ", ProcessPlanner.word(type) + " ", ""));
    }
}
