package io.paas.test.conformance.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// How Pods come to a changed template and back.
@Execution(ExecutionMode.CONCURRENT)
class RollingUpdateIT {

    @Conformance(
            upstream = "should perform rolling updates and roll backs of template modifications",
            killedBy = {Mutant.UPDATES_FROM_BELOW, Mutant.GREEDY, Mutant.CURRENT_IS_UPDATE})
    void rollsAndRollsBack(Workload set) {
        rollAndRollBack(set);
    }

    @Conformance(
            upstream =
                    "should perform rolling updates and roll backs of template modifications with"
                            + " PVCs",
            killedBy = {Mutant.UPDATES_FROM_BELOW, Mutant.DELETES_CLAIMS})
    void rollsAndRollsBackWithClaims(Workload set) {
        rollAndRollBack(set, Change.claims());
        Map<String, String> claims = set.claimUids();
        assertThat(claims).containsOnlyKeys("data-ss-0", "data-ss-1", "data-ss-2");

        set.update(Change.image("new"));
        awaitUpdated(set, "new");

        assertThat(set.claimUids()).isEqualTo(claims);
    }

    /// Upstream holds the update by a Pod of the old revision that became unready. ExPodSet
    /// replaces that one first, since it serves nobody; so the first Pod of the new revision holds
    /// it here.
    private static void rollAndRollBack(Workload set, Change... more) {
        set.create(more);
        set.scale(3);
        set.awaitReady(3);
        String first = set.revision("currentRevision");
        assertThat(set.revision("updateRevision")).isEqualTo(first);
        assertThat(set.pods()).extracting(Pod::revision).containsOnly(first);
        try (PodHistory history = set.history()) {
            set.await("the present Pods", history::now, seen -> seen == 3);

            set.update(Change.heldImage("new"));
            set.await("Pod 2 of the new image", () -> set.pod(2), pod -> isOf(pod, "new"));
            set.awaitObserved();
            String second = set.revision("updateRevision");
            assertThat(second).isNotEqualTo(first);
            set.stays(
                    "the others' revision",
                    set::pods,
                    pods ->
                            pods.stream()
                                    .map(Pod::revision)
                                    .toList()
                                    .equals(List.of(first, first, second)));
            assertThat(set.revision("currentRevision")).isEqualTo(first);
            passOneByOne(set, second, 2, 1, 0);
            awaitUpdated(set, "new");
            assertThat(set.revision("currentRevision")).isEqualTo(second);
            set.await("deletions", () -> history.deleted(3), List.of(2, 1, 0)::equals);

            int rolledBack = history.now();
            set.update(Change.image("old"));
            set.await("the first revision", () -> set.revision("updateRevision"), first::equals);
            awaitUpdated(set, "old");
            assertThat(set.revision("currentRevision")).isEqualTo(first);
            set.await("deletions", () -> history.deleted(rolledBack), List.of(2, 1, 0)::equals);
            assertThat(history.since(3))
                    .allSatisfy(moment -> assertThat(moment.ready()).isGreaterThanOrEqualTo(2));
        }
    }

    private static void passOneByOne(Workload set, String revision, int... ordinals) {
        for (int ordinal : ordinals) {
            set.await(
                    "Pod " + ordinal + " of " + revision,
                    () -> set.pod(ordinal),
                    pod -> pod.isRunning() && pod.revision().equals(revision));
            set.passProbe(ordinal);
        }
    }

    static boolean isOf(Pod pod, String image) {
        return pod.isRunning() && !pod.isTerminating() && pod.image().equals(image);
    }

    static void awaitUpdated(Workload set, String image) {
        set.awaitObserved();
        set.await(
                "all Pods of image " + image,
                set::pods,
                pods -> pods.stream().allMatch(pod -> pod.isReady() && pod.image().equals(image)));
        set.await(
                "the update's end",
                () -> set.revision("currentRevision"),
                current -> current.equals(set.revision("updateRevision")));
        assertThat(set.pods())
                .extracting(Pod::revision)
                .containsOnly(set.revision("updateRevision"));
    }

    @Conformance(
            upstream = "should perform rolling updates with maxUnavailable",
            killedBy = {Mutant.GREEDY, Mutant.TIMID})
    void neverExceedsMaxUnavailable(Workload set) {
        set.create(Change.replicas(5), Change.maxUnavailable(2));
        set.awaitReady(5);
        try (PodHistory history = set.history()) {
            set.await("the present Pods", history::now, seen -> seen == 5);

            set.update(Change.image("new"));

            awaitUpdated(set, "new");
            set.await("all ready", () -> history.moments().getLast().ready(), ready -> ready == 5);
            assertThat(history.since(5))
                    .as("ready Pods at every moment")
                    .allSatisfy(moment -> assertThat(moment.ready()).isGreaterThanOrEqualTo(3))
                    .as("two were replaced at a time")
                    .anySatisfy(moment -> assertThat(moment.ready()).isEqualTo(3));
            assertThat(set.status("updatedReplicas")).isEqualTo(5);
        }
    }

    @Conformance(
            upstream = "should implement legacy replacement when the update strategy is OnDelete",
            killedBy = Mutant.IGNORES_ON_DELETE)
    void replacesOnDeleteOnly(Workload set) {
        set.create(Change.replicas(3), Change.onDelete());
        set.awaitReady(3);
        String first = set.revision("currentRevision");
        deleteAll(set);
        assertThat(set.pods()).extracting(Pod::revision).containsOnly(first);
        Map<String, String> before = set.podUids();

        set.update(Change.image("new"));

        set.awaitObserved();
        String second = set.revision("updateRevision");
        assertThat(second).isNotEqualTo(first);
        assertThat(set.revision("currentRevision")).isEqualTo(first);
        set.stays("the same Pods", set::podUids, before::equals);
        deleteAll(set);
        assertThat(set.pods()).extracting(Pod::image).containsOnly("new");
        assertThat(set.pods()).extracting(Pod::revision).containsOnly(second);
    }

    private static void deleteAll(Workload set) {
        List<String> before = List.copyOf(set.podUids().values());
        for (int ordinal = 0; ordinal < 3; ordinal++) {
            set.deletePod(ordinal);
        }
        set.await(
                "other Pods",
                set::podUids,
                uids -> uids.size() == 3 && uids.values().stream().noneMatch(before::contains));
        set.awaitReady(3);
    }

    /// Kubernetes 1.36 waits for the broken Pod for ever (kubernetes/kubernetes#67250).
    @Conformance(
            upstream = "(none: FR-008, a reverted mistake heals)",
            killedBy = Mutant.WAITS_FOR_BROKEN,
            statefulSet = false)
    void revertingABadImageHeals(Workload set) {
        set.create(Change.replicas(3));
        set.awaitReady(3);
        set.update(Change.image("missing"));
        set.await(
                "the broken Pod",
                () -> set.pod(2),
                pod -> pod.image().equals("missing") && pod.isPending());

        set.update(Change.image("old"));

        awaitUpdated(set, "old");
    }

    @Conformance(
            upstream = "(unit TestStatefulSetHonorRevisionHistoryLimit)",
            killedBy = Mutant.KEEPS_HISTORY)
    void keepsAsManyRevisionsAsAsked(Workload set) {
        set.create(Change.revisionHistoryLimit(1));
        set.awaitReady(1);
        for (String image : List.of("one", "two", "three")) {
            set.update(Change.image(image));
            awaitUpdated(set, image);
        }

        set.await("two revisions", set::revisions, revisions -> revisions.size() == 2);

        assertThat(set.revisions()).contains(set.revision("updateRevision"));
    }

    @Conformance(
            upstream = "(gate StatefulSetSemanticRevisionComparison)",
            killedBy = Mutant.COMPARES_TEXT)
    void doesNotRollForADefaultMadeExplicit(Workload set) {
        set.create(Change.configMapVolume(""));
        set.awaitReady(1);
        Map<String, String> before = set.podUids();

        set.update(Change.configMapVolume(", \"defaultMode\": 420"));

        set.awaitObserved();
        set.stays("the same Pod", set::podUids, before::equals);
    }

    @Conformance(
            upstream = "(KubeBlocks InstanceSet: metadata-only in-place update)",
            killedBy = Mutant.LEAVES_LABELS,
            statefulSet = false)
    void changesLabelsInPlace(Workload set) {
        set.create(Change.replicas(3));
        set.awaitReady(3);
        Map<String, String> before = set.podUids();

        set.update(Change.podLabel("tier", "gold"));

        set.await(
                "the label on all Pods",
                set::pods,
                pods -> pods.stream().allMatch(pod -> pod.label("tier").equals("gold")));
        assertThat(set.podUids()).isEqualTo(before);
    }
}
