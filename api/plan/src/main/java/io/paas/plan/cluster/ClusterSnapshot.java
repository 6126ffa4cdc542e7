package io.paas.plan.cluster;

import io.paas.api.extension.ExtensionPackage;
import io.paas.api.v1.MiddlewareCluster;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a cluster's plan depends on, at one instant.
///
/// @param extension null when it is not there or not valid
/// @param noExtension why, when it is null
/// @param revisions in any order
/// @param groups of the ExPodSets that exist, by group
/// @param secretMissing whether spec.authSecretRef names a Secret that is not there; asked only
///   where it decides, because the answer takes a call
public record ClusterSnapshot(
        String name,
        String namespace,
        MiddlewareCluster.Spec spec,
        @Nullable Installed extension,
        String noExtension,
        List<Revision> revisions,
        Map<String, GroupState> groups,
        BooleanSupplier secretMissing) {

    /// An Extension that can be used.
    ///
    /// @param name of the Extension object
    public record Installed(String name, String digest, ExtensionPackage content) {}

    /// The newest revision: the last one that was meant.
    public Optional<Revision> current() {
        return revisions.stream().max(Comparator.comparingLong(Revision::number));
    }

    /// The revision of the group that is furthest behind; empty when there is no group.
    public Optional<Revision> base() {
        return groups.values().stream()
                .flatMap(group -> revisionOf(group).stream())
                .min(Comparator.comparingLong(Revision::number));
    }

    /// What a group was brought to; empty when somebody deleted that revision.
    public Optional<Revision> revisionOf(GroupState group) {
        return group.revision() == null
                ? current()
                : revisions.stream()
                        .filter(revision -> revision.name().equals(group.revision()))
                        .findFirst();
    }

    /// Contents in which this group may stand as it is now: its own first, then the newest.
    Stream<RevisionContent> contents(String group) {
        GroupState state = groups.get(group);
        Stream<Revision> own = state == null ? Stream.empty() : revisionOf(state).stream();
        return Stream.concat(
                        own,
                        revisions.stream()
                                .sorted(Comparator.comparingLong(Revision::number).reversed()))
                .map(Revision::content);
    }

    /// The newest stored revision of exactly these inputs: it is never rendered twice.
    Optional<Revision> stored(ClusterInputs inputs) {
        return revisions.stream()
                .filter(revision -> revision.content().inputs().sameAs(inputs))
                .max(Comparator.comparingLong(Revision::number));
    }

    /// Those that nobody needs: neither the present one, nor what a group stands at.
    ///
    /// @param kept how many of them stay, the newest
    public List<Revision> unused(Revision present, int kept) {
        return revisions.stream()
                .filter(revision -> !revision.name().equals(present.name()))
                .filter(
                        revision ->
                                groups.values().stream()
                                        .noneMatch(g -> revision.name().equals(g.revision())))
                .sorted(Comparator.comparingLong(Revision::number).reversed())
                .skip(kept)
                .toList();
    }

    long nextNumber() {
        return 1 + current().map(Revision::number).orElse(0L);
    }
}
