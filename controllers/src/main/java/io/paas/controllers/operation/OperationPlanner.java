package io.paas.controllers.operation;

import io.paas.api.v1.Operation;
import io.paas.api.v1.Operation.Control;
import io.paas.api.v1.Operation.Phase;
import io.paas.api.v1.OperationOutcome;
import io.paas.plan.process.PlanOutcome;
import io.paas.plan.process.ProcessPlan;
import io.paas.plan.process.ProcessPlanner;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// Decides one round of an Operation. Pure; equal input gives an equal plan.
final class OperationPlanner {

    /// The CRD's defaults, for objects that were written before they had one.
    private static final int DEADLINE_SECONDS = 3600;

    private static final int TTL_SECONDS = 604_800;

    /// A cache that lost its watch is back within a few tries of its informer, 5 s apart at most.
    private static final Duration CACHES_SHOW_WITHIN = Duration.ofSeconds(30);

    /// ExPodSets that appear do not bring the Operation back.
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

    private OperationPlanner() {}

    static OperationPlan plan(OperationSnapshot snapshot) {
        Operation.Status status = snapshot.status();
        if (status != null && status.phase() != null && status.phase().isFinal()) {
            return afterTheEnd(snapshot, status);
        }
        OperationDraft draft = new OperationDraft(snapshot);
        OperationOutcome outcome = OperationOutcome.of(snapshot.operation());
        if (outcome == null) {
            decide(snapshot, draft);
        } else {
            draft.restore(outcome);
        }
        return draft.toPlan();
    }

    private static OperationPlan afterTheEnd(OperationSnapshot snapshot, Operation.Status status) {
        int ttl =
                Objects.requireNonNullElse(
                        snapshot.operation().spec().ttlSecondsAfterFinished(), TTL_SECONDS);
        OffsetDateTime end = Objects.requireNonNullElse(status.finishedAt(), snapshot.now());
        Duration left = Duration.between(snapshot.now(), end.plusSeconds(ttl));
        return left.isPositive() ? OperationPlan.nothingBefore(left) : OperationPlan.deletion();
    }

    private static void decide(OperationSnapshot snapshot, OperationDraft draft) {
        Operation.Spec spec = snapshot.operation().spec();
        switch (snapshot.cluster()) {
            case ABSENT -> {
                draft.end(
                        Phase.FAILED,
                        "ClusterNotFound",
                        "MiddlewareCluster " + spec.cluster() + " does not exist");
                return;
            }
            case DELETING -> {
                draft.end(
                        Phase.CANCELLED,
                        "ClusterDeleting",
                        "MiddlewareCluster " + spec.cluster() + " is being deleted");
                return;
            }
            case PRESENT -> {}
        }
        Control control = Objects.requireNonNullElse(spec.control(), Control.RUN);
        draft.resumeUnless(control == Control.PAUSE);
        draft.settle(control == Control.CANCEL);
        Duration left = timeLeft(snapshot, draft);
        if (!left.isPositive()) {
            draft.end(Phase.FAILED, "DeadlineExceeded", deadlineMessage(spec, draft));
        } else if (draft.hasFailed() && !draft.isRunning()) {
            draft.end(Phase.FAILED, "StepFailed", draft.failure());
        } else if (control == Control.CANCEL && !draft.isRunning()) {
            draft.end(Phase.CANCELLED, "Cancelled", "cancelled by spec.control");
        } else {
            draft.recheck(left);
            goOn(snapshot, draft, control);
        }
    }

    private static void goOn(OperationSnapshot snapshot, OperationDraft draft, Control control) {
        GroupSteps groups = GroupSteps.of(snapshot);
        if (draft.isRunning()) {
            draft.run(control);
        } else if (control == Control.PAUSE) {
            draft.pause();
        } else if (!draft.hasBegun() && snapshot.blockedBy() != null) {
            draft.pend(
                    "WaitingForTurn",
                    "waits for Operation " + snapshot.blockedBy() + " of this cluster to end");
        } else if (groups != null) {
            if (!draft.hasBegun()) {
                draft.begin(groups);
            }
            draft.nextGroup();
        } else if (draft.hasBegun() || firstPlan(snapshot, draft)) {
            draft.nextWave();
        }
    }

    private static boolean firstPlan(OperationSnapshot snapshot, OperationDraft draft) {
        Operation.Spec spec = snapshot.operation().spec();
        PlanOutcome outcome =
                ProcessPlanner.plan(spec.type(), snapshot.groups(), draft.parameters());
        return switch (outcome) {
            case PlanOutcome.Planned(ProcessPlan plan) -> {
                draft.begin(plan);
                yield true;
            }
            case PlanOutcome.Refused(List<PlanOutcome.Problem> problems) -> {
                refuse(snapshot, draft, said(problems));
                yield false;
            }
        };
    }

    /// Not at once: what was selected may be younger than what the caches show.
    private static void refuse(OperationSnapshot snapshot, OperationDraft draft, String why) {
        OffsetDateTime end = created(snapshot).plus(CACHES_SHOW_WITHIN);
        Duration left = Duration.between(snapshot.now(), end);
        if (left.isPositive()) {
            draft.pend("WaitingForSelection", why + "; fails unless that changes until " + end);
            draft.recheck(left.compareTo(LOOK_AGAIN) < 0 ? left : LOOK_AGAIN);
        } else {
            draft.end(Phase.FAILED, "InvalidSelection", why);
        }
    }

    private static OffsetDateTime created(OperationSnapshot snapshot) {
        return Objects.requireNonNullElse(
                snapshot.operation().metadata().getCreationTimestamp(), snapshot.now());
    }

    private static String said(List<PlanOutcome.Problem> problems) {
        return problems.stream()
                .map(
                        problem ->
                                problem.field().replace("selector", "spec.parameters")
                                        + ": "
                                        + problem.message())
                .collect(Collectors.joining("; "));
    }

    /// The clock runs from the creation, also while it waits for its turn, and stands while Paused.
    private static Duration timeLeft(OperationSnapshot snapshot, OperationDraft draft) {
        Operation.Spec spec = snapshot.operation().spec();
        int seconds = Objects.requireNonNullElse(spec.deadlineSeconds(), DEADLINE_SECONDS);
        OffsetDateTime deadline = created(snapshot).plusSeconds(seconds).plus(draft.paused());
        return Duration.between(snapshot.now(), deadline);
    }

    private static String deadlineMessage(Operation.Spec spec, OperationDraft draft) {
        int seconds = Objects.requireNonNullElse(spec.deadlineSeconds(), DEADLINE_SECONDS);
        return "not done within deadlineSeconds (" + seconds + "): " + draft.message();
    }
}
