package io.paas.controllers.cluster;

import io.paas.api.meta.Names;
import io.paas.api.v1.HeldChange;
import io.paas.api.v1.Operation;
import io.paas.api.v1.Operation.Change;
import io.paas.api.v1.Operation.Control;
import io.paas.api.v1.Operation.Phase;
import io.paas.api.v1.Operation.StepState;
import io.paas.api.v1.OperationOutcome;
import io.paas.api.v1.RetryRequest;
import io.paas.plan.cluster.ClusterChange;
import io.paas.plan.cluster.ClusterPlan;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Decides which Operation brings a cluster's groups to its spec. Pure.
///
/// At most one is under way. An edit that changes what it leads to ends it as Cancelled with reason
/// `Superseded`, and another takes over from where the groups are; but one that its user paused
/// stays, and the edit is looked at when it has ended.
///
/// @param change what is between the groups and the spec
/// @param follows whether the spec is followed at all: not while the cluster is paused, nor while
///   it has a wish that cannot be granted, nor while the user holds the Operation on
/// @param create the Operation to be made
/// @param superseded open Operations that end now
/// @param hold a failure that is to be remembered
/// @param held the failure that keeps the spec from being tried again
record ChangeOperations(
        ClusterChange change,
        boolean follows,
        @Nullable Operation create,
        List<Operation> superseded,
        @Nullable HeldChange hold,
        @Nullable HeldChange held) {

    static final String SUPERSEDED = "Superseded";

    /// @param taken names of Operations that are made in the same round
    static ChangeOperations of(ClusterWorld world, ClusterPlan.Run plan, Set<String> taken) {
        return new Decision(world, plan, taken).decide();
    }

    /// The changes whose steps run now.
    ///
    /// @return by the Operation that has begun; nothing while the cluster is paused
    Optional<Running> running(ClusterWorld world) {
        return world.isPaused()
                ? Optional.empty()
                : open(world)
                        .filter(operation -> !superseded.contains(operation))
                        .filter(operation -> status(operation).startedAt() != null)
                        .findFirst()
                        .map(o -> new Running(transition(o), runningChanges(o)));
    }

    /// @param changes of the transition, whose steps run
    record Running(Operation.Transition transition, List<Change> changes) {}

    /// How an Operation that the spec has overtaken ends.
    static OperationOutcome outcome(ClusterWorld world, Operation operation, Instant now) {
        Operation.Status status = status(operation);
        return new OperationOutcome(
                Phase.CANCELLED,
                SUPERSEDED,
                "the cluster's spec was changed again, to generation "
                        + world.generation()
                        + "; its groups go on from where they are",
                Objects.requireNonNullElse(
                        status.progress(), "0/" + transition(operation).changes().size()),
                status.startedAt(),
                now.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC));
    }

    private static List<Change> runningChanges(Operation operation) {
        Set<String> names =
                status(operation).steps().stream()
                        .filter(step -> step.state() == StepState.RUNNING)
                        .map(Operation.Step::name)
                        .collect(Collectors.toSet());
        return transition(operation).changes().stream()
                .filter(change -> names.contains(ClusterChange.stepName(change)))
                .toList();
    }

    /// Those that have not ended, the oldest first.
    private static Stream<Operation> open(ClusterWorld world) {
        return world.history().stream()
                .filter(ChangeOperations::isChange)
                .filter(ChangeOperations::isOpen);
    }

    private static boolean isChange(Operation operation) {
        return operation.spec().transition() != null;
    }

    private static boolean isOpen(Operation operation) {
        Phase phase = status(operation).phase();
        return operation.metadata().getDeletionTimestamp() == null
                && !OperationOutcome.isRecorded(operation)
                && (phase == null || !phase.isFinal());
    }

    /// One whose steps are all over is about to say so, and would be called overtaken for nothing.
    private static boolean hasNothingLeft(Operation operation) {
        List<Operation.Step> steps = status(operation).steps();
        return !steps.isEmpty() && steps.stream().allMatch(step -> step.state().isFinal());
    }

    private static Operation.Transition transition(Operation operation) {
        return Objects.requireNonNull(operation.spec().transition());
    }

    private static Operation.Status status(Operation operation) {
        return Objects.requireNonNullElse(
                operation.status(),
                new Operation.Status(
                        null, null, null, null, null, null, null, null, List.of(), List.of()));
    }

    private static final class Decision {
        private final ClusterWorld world;
        private final ClusterPlan.Run plan;
        private final Set<String> taken;
        private final ClusterChange change;
        private final List<Operation> open;

        Decision(ClusterWorld world, ClusterPlan.Run plan, Set<String> taken) {
            this.world = world;
            this.plan = plan;
            this.taken = taken;
            this.change = ClusterChange.between(world.snapshot(), plan, Set.of());
            this.open = open(world).toList();
        }

        ChangeOperations decide() {
            boolean userHolds = open.stream().anyMatch(o -> o.spec().control() == Control.PAUSE);
            if (world.isPaused() || !plan.objections().isEmpty() || userHolds) {
                return result(false, null, List.of(), null, null);
            }
            List<Operation> stale =
                    open.stream()
                            .filter(o -> !hasNothingLeft(o))
                            .filter(o -> !change.isEndOf(transition(o), plan))
                            .toList();
            if (stale.size() < open.size()) {
                return result(true, null, stale, null, null);
            }
            RetryRequest retry = retry();
            HeldChange known = HeldChange.of(world.cluster());
            boolean isKnown = isOfNow(known) && !isRetried(known);
            HeldChange held = isKnown ? known : failure();
            if (retry == null && open.isEmpty() && held != null && change.touchesGroups()) {
                return result(true, null, List.of(), isKnown ? null : held, held);
            }
            Set<String> unfinished =
                    retry == null ? unfinished(stale) : groupsOf(retry.operation());
            ClusterChange all = ClusterChange.between(world.snapshot(), plan, unfinished);
            boolean isDone = !all.touchesGroups() && hasReached(all.to().name());
            Operation next =
                    all.changes().isEmpty() || isDone
                            ? null
                            : DerivedOperations.change(world, name(), all, retry);
            return result(true, next, stale, null, null);
        }

        /// The wish to try the last Operation of this generation again; null when there is none, or
        /// it was done.
        private @Nullable RetryRequest retry() {
            RetryRequest wish = RetryRequest.of(world.cluster());
            return wish != null
                            && last().map(o -> wish.operation().equals(o.metadata().getName()))
                                    .orElse(false)
                    ? wish
                    : null;
        }

        private boolean isRetried(@Nullable HeldChange held) {
            RetryRequest wish = RetryRequest.of(world.cluster());
            return wish != null && held != null && wish.operation().equals(held.operation());
        }

        /// Its groups may stand as the spec says and yet not be done.
        private Set<String> groupsOf(String operation) {
            return world.history().stream()
                    .filter(o -> operation.equals(o.metadata().getName()))
                    .flatMap(o -> transition(o).changes().stream())
                    .filter(c -> ClusterChange.isOfGroup(c.action()))
                    .map(Change::group)
                    .collect(Collectors.toSet());
        }

        private Optional<Operation> last() {
            return world.history().stream()
                    .filter(ChangeOperations::isChange)
                    .filter(o -> transition(o).generation() == world.generation())
                    .reduce((_, last) -> last);
        }

        /// Whether the last Operation led there. The groups that it did not change are moved to the
        /// revision a moment later, and until then its definitions seem to be missing.
        private boolean hasReached(String revision) {
            return world.history().stream()
                    .filter(ChangeOperations::isChange)
                    .reduce((_, last) -> last)
                    .filter(last -> transition(last).toRevision().equals(revision))
                    .map(OperationOutcome::of)
                    .filter(outcome -> outcome.phase() == Phase.SUCCEEDED)
                    .isPresent();
        }

        private ChangeOperations result(
                boolean follows,
                @Nullable Operation create,
                List<Operation> superseded,
                @Nullable HeldChange hold,
                @Nullable HeldChange held) {
            return new ChangeOperations(change, follows, create, superseded, hold, held);
        }

        private boolean isOfNow(@Nullable HeldChange held) {
            return held != null && held.generation() == world.generation();
        }

        /// The last Operation of this generation, if it did not get through.
        private @Nullable HeldChange failure() {
            return last().map(this::failure).orElse(null);
        }

        private @Nullable HeldChange failure(Operation last) {
            OperationOutcome outcome = OperationOutcome.of(last);
            if (outcome == null
                    || outcome.phase() == Phase.SUCCEEDED
                    || outcome.reason().equals(SUPERSEDED)
                    || (outcome.phase() == Phase.FAILED && outcome.startedAt() == null)) {
                // Also one whose time was over before its turn came: nothing was tried.
                return null;
            }
            return new HeldChange(
                    world.generation(),
                    String.valueOf(last.metadata().getName()),
                    outcome.reason(),
                    outcome.message());
        }

        /// The groups that an Operation which ends now had begun to change.
        private static Set<String> unfinished(List<Operation> stale) {
            Set<String> groups = new HashSet<>();
            for (Operation operation : stale) {
                runningChanges(operation).stream()
                        .filter(c -> ClusterChange.isOfGroup(c.action()))
                        .forEach(c -> groups.add(c.group()));
            }
            return groups;
        }

        /// The first name of this generation that no Operation has: one that was paused or failed
        /// for want of something may be followed by another.
        private String name() {
            Set<String> used = new HashSet<>(taken);
            world.history().forEach(o -> used.add(String.valueOf(o.metadata().getName())));
            return Names.nextOperation(world.key().name(), world.generation(), used);
        }
    }
}
