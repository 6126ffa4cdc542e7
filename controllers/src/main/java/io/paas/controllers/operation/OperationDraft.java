package io.paas.controllers.operation;

import io.paas.api.v1.Operation;
import io.paas.api.v1.Operation.Control;
import io.paas.api.v1.Operation.Phase;
import io.paas.api.v1.Operation.StepState;
import io.paas.api.v1.OperationOutcome;
import io.paas.controllers.operation.OperationPlan.Notice;
import io.paas.plan.process.ProcessPlan;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The status that [OperationPlanner] is writing, and what else the round will do. Lives for one
/// round on one thread.
final class OperationDraft {

    private static final Operation.Status NEW =
            new Operation.Status(
                    null, null, null, null, null, null, null, null, List.of(), List.of());

    private final OperationSnapshot snapshot;
    private final Operation.Status before;
    private final OffsetDateTime now;
    private final List<Notice> notices = new ArrayList<>();
    private final List<StepCall> calls = new ArrayList<>();
    private final @Nullable GroupSteps groupSteps;
    private List<Operation.Step> steps;
    private Phase phase;
    private String reason = "Progressing";
    private String message;
    private @Nullable OffsetDateTime startedAt;
    private @Nullable OffsetDateTime finishedAt;
    private @Nullable OffsetDateTime pausedAt;
    private long pausedSeconds;
    private @Nullable Duration recheck;
    private @Nullable OperationOutcome outcome;

    OperationDraft(OperationSnapshot snapshot) {
        this.snapshot = snapshot;
        this.groupSteps = GroupSteps.of(snapshot);
        this.now = snapshot.now();
        this.before = Objects.requireNonNullElse(snapshot.status(), NEW);
        this.steps = new ArrayList<>(before.steps());
        this.phase = Objects.requireNonNullElse(before.phase(), Phase.PENDING);
        this.message = Objects.requireNonNullElse(before.message(), "not begun");
        this.startedAt = before.startedAt();
        this.pausedAt = before.pausedAt();
        this.pausedSeconds = Objects.requireNonNullElse(before.pausedSeconds(), 0L);
    }

    Operation.Parameters parameters() {
        Operation.Parameters given = snapshot.operation().spec().parameters();
        return given == null
                ? Operation.Parameters.ofProcesses(
                        List.of(), null, List.of(), null, null, null, null)
                : given;
    }

    boolean hasBegun() {
        return startedAt != null;
    }

    boolean isRunning() {
        return steps.stream().anyMatch(step -> step.state() == StepState.RUNNING);
    }

    boolean hasFailed() {
        return steps.stream().anyMatch(step -> step.state() == StepState.FAILED);
    }

    String failure() {
        return steps.stream()
                .filter(step -> step.state() == StepState.FAILED)
                .map(step -> step.name() + ": " + step.message())
                .findFirst()
                .orElse(message);
    }

    String message() {
        return message;
    }

    /// How long it has been Paused until now.
    Duration paused() {
        Duration past = Duration.ofSeconds(pausedSeconds);
        return pausedAt == null ? past : past.plus(Duration.between(pausedAt, now));
    }

    void resumeUnless(boolean stayPaused) {
        if (phase == Phase.PAUSED && !stayPaused) {
            pausedSeconds = paused().toSeconds();
            pausedAt = null;
            phase = hasBegun() ? Phase.RUNNING : Phase.PENDING;
            notices.add(new Notice(false, "Resumed", "goes on"));
        }
    }

    /// Brings the running steps up to what their calls said.
    void settle(boolean cancelled) {
        GroupSteps groups = groupSteps;
        if (groups == null) {
            settleProcesses(cancelled);
        } else {
            steps.replaceAll(
                    step ->
                            step.state() == StepState.RUNNING
                                    ? groups.settle(step, cancelled)
                                    : step);
        }
        for (Operation.Step step : steps) {
            if (step.state() == StepState.FAILED && !before.steps().contains(step)) {
                notices.add(
                        new Notice(true, "StepFailed", step.name() + " failed: " + step.message()));
            }
        }
        steps.stream()
                .filter(step -> step.state() == StepState.RUNNING)
                .findFirst()
                .ifPresent(step -> message = running(step));
    }

    private void settleProcesses(boolean cancelled) {
        StepSettler settler = new StepSettler(snapshot, parameters(), cancelled);
        steps.replaceAll(step -> step.state() == StepState.RUNNING ? settler.settle(step) : step);
        calls.addAll(settler.calls());
        settler.recheck().ifPresent(this::recheck);
    }

    private String running(Operation.Step step) {
        if (groupSteps != null) {
            return "step "
                    + (steps.indexOf(step) + 1)
                    + " of "
                    + steps.size()
                    + ": "
                    + step.name()
                    + (step.message() == null ? " runs" : ": " + step.message());
        }
        return "wave "
                + (wave(step) + 1)
                + " of "
                + waves()
                + ": "
                + step.name()
                + (step.message() == null ? " runs" : ": " + step.message());
    }

    /// Running steps go on by themselves.
    void run(Control control) {
        phase = Phase.RUNNING;
        reason = control == Control.RUN ? "Progressing" : "FinishingSteps";
        if (control == Control.PAUSE) {
            message = "pauses after the running steps; " + message;
        }
    }

    void pend(String why, String sentence) {
        phase = Phase.PENDING;
        reason = why;
        message = sentence;
    }

    void pause() {
        if (phase != Phase.PAUSED) {
            pausedAt = now;
            notices.add(new Notice(false, "Paused", "stands at " + progress()));
        }
        phase = Phase.PAUSED;
        reason = "Paused";
        message = "paused by spec.control at " + progress() + "; Run lets it go on";
    }

    void begin(ProcessPlan plan) {
        begin(plan.toStatusSteps(), plan.toString());
    }

    void begin(GroupSteps plan) {
        begin(plan.plan(), plan.toText());
    }

    private void begin(List<Operation.Step> plan, String text) {
        steps = new ArrayList<>(plan);
        startedAt = now;
        notices.add(new Notice(false, "Started", text));
    }

    /// Begins one group after the other, until one has something to wait for. A paused cluster is
    /// left as it is.
    void nextGroup() {
        phase = Phase.RUNNING;
        if (snapshot.paused()) {
            message = "waits for spec.paused of the cluster to be false";
            return;
        }
        while (!isRunning() && pending() >= 0) {
            int next = pending();
            steps.set(next, Steps.begun(steps.get(next), now));
            settle(false);
        }
        if (!isRunning()) {
            end(Phase.SUCCEEDED, "Succeeded", "done: " + progress());
        }
    }

    private int pending() {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).state() == StepState.PENDING) {
                return i;
            }
        }
        return -1;
    }

    /// Begins the next wave with work in it once the interval after the one before is over.
    void nextWave() {
        phase = Phase.RUNNING;
        OffsetDateTime earliest = earliestWave();
        if (pendingWave() >= 0 && earliest.isAfter(now)) {
            message =
                    "waits until "
                            + earliest
                            + " for wave "
                            + (pendingWave() + 1)
                            + " of "
                            + waves()
                            + " (intervalSeconds "
                            + parameters().intervalSeconds()
                            + ")";
            recheck(Duration.between(now, earliest));
            return;
        }
        WaveStarter starter = new WaveStarter(snapshot, parameters());
        WaveStarter.Started started = starter.start(steps);
        steps = new ArrayList<>(started.steps());
        started.replanned().ifPresent(why -> notices.add(new Notice(false, "Replanned", why)));
        if (isRunning()) {
            settle(false);
        } else {
            end(Phase.SUCCEEDED, "Succeeded", "done: " + progress());
        }
    }

    private OffsetDateTime earliestWave() {
        int interval = Objects.requireNonNullElse(parameters().intervalSeconds(), 0);
        return steps.stream()
                .filter(step -> step.state() == StepState.SUCCEEDED)
                .map(Operation.Step::finishedAt)
                .filter(Objects::nonNull)
                .max(OffsetDateTime::compareTo)
                .map(end -> end.plusSeconds(interval))
                .orElse(now);
    }

    private int pendingWave() {
        return steps.stream()
                .filter(step -> step.state() == StepState.PENDING)
                .mapToInt(OperationDraft::wave)
                .min()
                .orElse(-1);
    }

    private int waves() {
        return 1 + steps.stream().mapToInt(OperationDraft::wave).max().orElse(0);
    }

    private static int wave(Operation.Step step) {
        return Objects.requireNonNullElse(step.wave(), 0);
    }

    void end(Phase end, String why, String sentence) {
        phase = end;
        reason = why;
        message = sentence;
        finishedAt = now;
        pausedSeconds = paused().toSeconds();
        pausedAt = null;
        recheck = null;
        calls.clear();
        steps.replaceAll(
                step ->
                        switch (step.state()) {
                            case PENDING -> Steps.ended(step, StepState.SKIPPED, now, "not begun");
                            case RUNNING ->
                                    Steps.ended(
                                            step,
                                            StepState.FAILED,
                                            now,
                                            "given up while it "
                                                    + Objects.requireNonNullElse(
                                                            step.message(), "ran"));
                            case SUCCEEDED, SKIPPED, FAILED -> step;
                        });
        notices.add(new Notice(end == Phase.FAILED, why, sentence));
        outcome = new OperationOutcome(end, why, cut(sentence), progress(), startedAt, finishedAt);
    }

    /// Says again how it ended. Nothing is done, nobody is told.
    void restore(OperationOutcome recorded) {
        outcome = recorded;
        phase = recorded.phase();
        reason = recorded.reason();
        message = recorded.message();
        startedAt = recorded.startedAt();
        finishedAt = recorded.finishedAt();
        steps.replaceAll(
                step ->
                        step.state().isFinal()
                                ? step
                                : Steps.ended(
                                        step,
                                        StepState.SKIPPED,
                                        recorded.finishedAt(),
                                        recorded.reason()));
    }

    void recheck(Duration delay) {
        if (recheck == null || delay.compareTo(recheck) < 0) {
            recheck = delay;
        }
    }

    private String progress() {
        return steps.stream().filter(step -> step.state().isFinal()).count() + "/" + steps.size();
    }

    OperationPlan toPlan() {
        Long generation = snapshot.operation().metadata().getGeneration();
        Operation.Status status =
                new Operation.Status(
                        generation,
                        phase,
                        outcome == null ? progress() : outcome.progress(),
                        cut(message),
                        startedAt,
                        finishedAt,
                        pausedSeconds == 0 ? null : pausedSeconds,
                        pausedAt,
                        List.copyOf(steps),
                        OperationConditions.of(
                                phase, reason, message, generation, before.conditions(), now));
        return new OperationPlan(
                status.equals(before) ? null : status, outcome, notices, calls, recheck, false);
    }

    /// The CRD allows 4096 characters.
    private static String cut(String text) {
        return text.length() <= 4096 ? text : text.substring(0, 4095) + "…";
    }
}
