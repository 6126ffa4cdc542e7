package io.paas.test.conformance.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// What a Pod keeps over its lives, and whose it is.
@Execution(ExecutionMode.CONCURRENT)
class IdentityIT {

    /// Without a kubelet: what makes the host name and mounts the data, not the name and the data.
    @Conformance(
            upstream = "should provide basic identity",
            killedBy = {Mutant.NO_CLAIMS, Mutant.DELETES_CLAIMS})
    void providesBasicIdentity(Workload set) {
        set.create(Change.replicas(3), Change.claims());
        set.awaitReady(3);

        for (Pod pod : set.pods()) {
            assertThat(pod.object().at("/spec/hostname").asText()).isEqualTo(pod.name());
            assertThat(pod.object().at("/spec/subdomain").asText()).isEqualTo("test");
            assertThat(pod.label("apps.kubernetes.io/pod-index"))
                    .isEqualTo(String.valueOf(pod.ordinal()));
            assertThat(pod.claims()).containsExactly("data-" + pod.name());
        }
        Map<String, String> claims = set.claimUids();
        assertThat(claims).containsOnlyKeys("data-ss-0", "data-ss-1", "data-ss-2");

        Map<String, String> before = set.podUids();
        set.scale(0);
        set.awaitPods();
        set.awaitStatus("replicas", 0);
        set.scale(3);
        set.awaitReady(3);

        assertThat(set.podUids().values()).doesNotContainAnyElementsOf(before.values());
        assertThat(set.claimUids()).isEqualTo(claims);
    }

    @Conformance(
            upstream = "should adopt matching orphans and release non-matching pods",
            killedBy = {Mutant.NEVER_ADOPTS, Mutant.NEVER_RELEASES})
    void adoptsOrphansAndReleasesStrangers(Workload set) {
        set.create(Change.claims());
        set.awaitReady(1);
        Pod pod = set.pod(0);
        assertThat(pod.controller().path("name").asText()).isEqualTo(Workload.NAME);
        assertThat(pod.controller().path("kind").asText()).isEqualTo(set.kind().toString());

        set.patchPod(0, "{\"metadata\": {\"ownerReferences\": null}}");
        set.await(
                "adoption", () -> set.pod(0).controller(), owner -> owner.equals(pod.controller()));

        set.patchPod(0, "{\"metadata\": {\"labels\": null}}");
        set.await("release", () -> set.pod(0).controller(), owner -> owner.isMissingNode());

        set.patchPod(
                0, "{\"metadata\": {\"labels\": " + pod.object().at("/metadata/labels") + "}}");
        set.await(
                "adoption", () -> set.pod(0).controller(), owner -> owner.equals(pod.controller()));
        assertThat(set.pod(0).uid()).isEqualTo(pod.uid());
    }

    /// Upstream lets a kubelet reject the Pod for a taken host port; here its kubelet evicts it.
    @Conformance(upstream = "Should recreate evicted statefulset", killedBy = Mutant.KEEPS_FAILED)
    void recreatesAnEvictedPod(Workload set) {
        set.create();
        set.awaitReady(1);
        String evicted = set.pod(0).uid();

        set.evict(0);

        set.await("another Pod", set::pods, pods -> isAnother(pods, evicted));
        set.awaitReady(1);
    }

    private static boolean isAnother(List<Pod> pods, String uid) {
        return pods.size() == 1 && !pods.getFirst().uid().equals(uid);
    }

    /// As long as the Pod is not scheduled, its claim can go. StatefulSet does not watch claims: it
    /// notices when the scheduler complains.
    @Conformance(
            upstream = "PVC should be recreated when pod is pending due to missing PVC",
            killedBy = Mutant.CLAIMS_BEFORE_PODS_ONLY)
    void recreatesTheClaimOfAPendingPod(Workload set) {
        set.create(Change.claims(), Change.unscheduled());
        set.awaitPods(0);
        set.awaitClaims(0);
        Pod pod = set.pod(0);
        assertThat(pod.isPending()).isTrue();
        String claim = set.claimUids().get("data-ss-0");

        set.deleteClaim(0);
        set.await(
                "the claim's end",
                () -> set.claimUids().getOrDefault("data-ss-0", ""),
                uid -> !uid.equals(claim) && !set.isTerminatingClaim(0));
        set.failScheduling(0);

        set.awaitClaims(0);
        set.bind(0);
        set.awaitReady(1);
        assertThat(set.pod(0).uid()).isEqualTo(pod.uid());
    }
}
