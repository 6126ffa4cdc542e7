package io.paas.plan.cluster;

import io.paas.api.v1.ProcessState;
import java.util.List;
import java.util.Optional;

/// What becomes of a cluster's spec.
public sealed interface ClusterPlan {

    /// Nothing can run yet.
    record Blocked(String reason, String message) implements ClusterPlan {}

    /// The cluster runs at a revision.
    ///
    /// @param revision stored already, or to be stored before anything else
    /// @param stored whether it is
    /// @param groups one for each group of the revision
    /// @param objections wishes of the spec that are not followed; empty when all are
    record Run(Revision revision, boolean stored, List<Group> groups, List<Objection> objections)
            implements ClusterPlan {

        public Optional<Group> group(String wanted) {
            return groups.stream().filter(group -> group.name().equals(wanted)).findFirst();
        }
    }

    /// Which Pods a group has and whether their processes run.
    record Group(RevisionContent.Group content, GroupSize size, ProcessState processState) {
        public String name() {
            return content.name();
        }

        public int replicas() {
            return size.replicas();
        }
    }

    /// Why a wish is not followed, and what the reader can do.
    record Objection(String reason, String message) {}
}
