package io.paas.plan.cluster;

import io.paas.api.v1.Operation;
import io.paas.api.v1.Operation.Action;
import io.paas.api.v1.Operation.Change;
import io.paas.api.v1.ProcessState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What is to stand at this instant: each group at the revision and size that it was brought to,
/// but for those whose step of an Operation runs now.
///
/// It never goes ahead of the Operation and never falls behind the ExPodSets: an Operation that is
/// paused, cancelled or lost leaves every group where it is.
///
/// @param target the revision that the cluster is on its way to
/// @param groups that have an ExPodSet or get one now
/// @param leaving groups whose ExPodSets are deleted now
public record ClusterLayout(Revision target, List<Placed> groups, Set<String> leaving) {

    /// A group at a revision.
    public record Placed(String revision, ClusterPlan.Group group) {
        public String name() {
            return group.name();
        }
    }

    public ClusterLayout {
        groups = List.copyOf(groups);
    }

    /// Lays the groups out.
    ///
    /// @param change what is between the groups and the spec
    /// @param follows whether the spec is followed at all
    /// @param transition of the Operation that has begun; null when there is none
    /// @param running its changes whose steps run now
    public static ClusterLayout of(
            ClusterSnapshot now,
            ClusterPlan.Run wanted,
            ClusterChange change,
            boolean follows,
            Operation.@Nullable Transition transition,
            List<Change> running) {
        return new Builder(now, wanted, change, follows, transition, running).layout();
    }

    /// The names of groups that have an ExPodSet or get one now.
    public boolean has(String group) {
        return groups.stream().anyMatch(placed -> placed.name().equals(group));
    }

    private static final class Builder {
        private final ClusterSnapshot now;
        private final ClusterPlan.Run wanted;
        private final ClusterChange change;
        private final boolean follows;
        private final Map<String, Change> running = new LinkedHashMap<>();
        private final Set<String> leaving = new TreeSet<>();
        private final Optional<Revision> to;

        Builder(
                ClusterSnapshot now,
                ClusterPlan.Run wanted,
                ClusterChange change,
                boolean follows,
                Operation.@Nullable Transition transition,
                List<Change> running) {
            this.now = now;
            this.wanted = wanted;
            this.change = change;
            this.follows = follows;
            this.to = Optional.ofNullable(transition).flatMap(t -> revision(t.toRevision()));
            running.forEach(step -> this.running.put(step.group(), step));
        }

        ClusterLayout layout() {
            List<Placed> placed = new ArrayList<>();
            Set<String> names = new TreeSet<>();
            wanted.groups().forEach(group -> names.add(group.name()));
            names.addAll(now.groups().keySet());
            for (String name : names) {
                place(name).ifPresent(placed::add);
            }
            return new ClusterLayout(wanted.revision(), placed, leaving);
        }

        private Optional<Placed> place(String name) {
            GroupState state = now.groups().get(name);
            Change step = running.get(name);
            if (step != null && to.isPresent()) {
                if (step.action() == Action.REMOVE) {
                    leaving.add(name);
                } else {
                    return at(to.get(), name, GroupSize.of(step));
                }
            }
            if (state != null) {
                return at(revisionOf(state), name, state.size());
            }
            return isRestored(name)
                    ? at(now.base().orElse(wanted.revision()), name, null)
                    : Optional.empty();
        }

        /// Once no group differs any more, all move on to the target, which changes no Pod.
        private Revision revisionOf(GroupState state) {
            return change.touchesGroups() || !follows
                    ? now.revisionOf(state).orElse(wanted.revision())
                    : wanted.revision();
        }

        /// A first creation, or somebody deleted its ExPodSet; a new group waits for its step.
        private boolean isRestored(String name) {
            return wanted.group(name).isPresent()
                    && change.changes().stream()
                            .noneMatch(c -> c.action() == Action.ADD && c.group().equals(name));
        }

        private Optional<Placed> at(Revision revision, String name, @Nullable GroupSize size) {
            Revision standing =
                    revision.content().group(name).isPresent() ? revision : wanted.revision();
            return standing.content()
                    .group(name)
                    .map(content -> new Placed(standing.name(), group(content, size)));
        }

        private ClusterPlan.Group group(RevisionContent.Group content, @Nullable GroupSize size) {
            GroupState state = now.groups().get(content.name());
            Optional<ClusterPlan.Group> group = wanted.group(content.name());
            ProcessState otherwise = state == null ? ProcessState.RUNNING : state.processState();
            return new ClusterPlan.Group(
                    content,
                    size == null ? wantedSize(group) : size,
                    group.map(ClusterPlan.Group::processState).orElse(otherwise));
        }

        private static GroupSize wantedSize(Optional<ClusterPlan.Group> group) {
            return group.map(ClusterPlan.Group::size).orElse(GroupSize.of(0));
        }

        private Optional<Revision> revision(String name) {
            if (wanted.revision().name().equals(name)) {
                return Optional.of(wanted.revision());
            }
            return now.revisions().stream().filter(r -> r.name().equals(name)).findFirst();
        }
    }
}
