package io.paas.controllers.expodset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1ControllerRevision;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1Pod;
import io.paas.api.meta.Annotations;
import io.paas.api.meta.Labels;
import io.paas.api.v1.Condition;
import io.paas.api.v1.ExPodSet;
import io.paas.controllers.runtime.Informers;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.DeleteOptions;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.test.support.KubeApiServer;
import io.paas.test.support.KubeApiServerExtension;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KubeApiServerExtension.class)
class ExPodSetIT {

    private final KubeApiServer server;
    private final KubeClient kube;
    private final ResourceClient<ExPodSet> sets;
    private final ResourceClient<V1Pod> pods;
    private final ConcurrentLinkedQueue<JsonObject> hookCalls = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<LifecycleClient.Outcome> hookAnswers =
            new ConcurrentLinkedQueue<>();
    private SetWorld world;
    private String namespace;
    private ObjectKey key;
    private LiveSet live;

    ExPodSetIT(KubeApiServer server) {
        this.server = server;
        kube = SetWorld.client(server);
        sets = kube.of(PodActionExecutor.SETS);
        pods = kube.of(BuiltIn.PODS);
    }

    @BeforeEach
    void start() throws InterruptedException {
        world = SetWorld.start(server, (_, _, _, parameters, _) -> answer(parameters));
        key = world.key;
        namespace = key.namespace();
        live = LiveSet.of(kube, key);
    }

    private LifecycleClient.Outcome answer(JsonObject parameters) {
        hookCalls.add(parameters);
        LifecycleClient.Outcome answer = hookAnswers.poll();
        return answer == null ? new LifecycleClient.Outcome.Done() : answer;
    }

    @AfterEach
    void stop() throws InterruptedException {
        world.stop();
    }

    @Test
    void createsPodsWithIdentityAndClaimsAndThenRests() {
        create(3, "image:1");

        awaitReady("image:1", 0, 1, 2);

        V1Pod pod = pods.get(new ObjectKey(namespace, "s-1"));
        assertThat(pod.getSpec().getHostname()).isEqualTo("s-1");
        assertThat(pod.getSpec().getSubdomain()).isEqualTo("svc");
        assertThat(pod.getMetadata().getLabels())
                .containsEntry(Labels.ORDINAL, "1")
                .containsEntry(Labels.POD_INDEX, "1")
                .containsKey(Labels.REVISION);
        assertThat(pod.getSpec().getContainers().getFirst().getEnv().getFirst().getValue())
                .isEqualTo("Running");
        assertThat(
                        kube.of(BuiltIn.CLAIMS).list(ListQuery.inNamespace(namespace)).stream()
                                .map(claim -> claim.getMetadata().getName()))
                .containsExactlyInAnyOrder("data-s-0", "data-s-1", "data-s-2");
        ExPodSet.Status status = sets.get(key).status();
        assertThat(status.readyReplicas()).isEqualTo(3);
        assertThat(status.selector()).isEqualTo("app=s");
        assertNoWritesWhenReconciledAgain();
    }

    @Test
    void takesANamedOrdinalOutAndKeepsTheOthers() {
        create(5, "image:1");
        awaitReady("image:1", 0, 1, 2, 3, 4);
        Map<String, String> before = live.uids();

        live.patchSpec("{\"replicas\": 4, \"offlineOrdinals\": [\"2\"]}");
        awaitReady("image:1", 0, 1, 3, 4);

        before.remove("s-2");
        assertThat(live.uids()).isEqualTo(before);
        live.patchSpec("{\"replicas\": 5}");
        awaitReady("image:1", 0, 1, 3, 4, 5);
        assertThat(live.uids()).containsAllEntriesOf(before);
    }

    @Test
    void marksTheClaimOfANamedOrdinalUntilItIsBack() {
        create(3, "image:1");
        awaitReady("image:1", 0, 1, 2);
        String uid = claim(1).getMetadata().getUid();

        live.patchSpec("{\"replicas\": 2, \"offlineOrdinals\": [\"1\"]}");
        awaitReady("image:1", 0, 2);
        ExPodSet set = sets.get(key);
        assertThat(mark(1))
                .contains("\"uid\":\"" + set.metadata().getUid() + "\"")
                .contains("\"generation\":" + set.metadata().getGeneration());
        assertThat(mark(2)).isNull();
        assertNoWritesWhenReconciledAgain();

        live.patchSpec("{\"replicas\": 3, \"offlineOrdinals\": []}");
        awaitReady("image:1", 0, 1, 2);
        await().atMost(Duration.ofSeconds(10)).until(() -> mark(1) == null);
        assertThat(claim(1).getMetadata().getUid()).isEqualTo(uid);
    }

    @Test
    void makesNoPodOnAClaimThatSomebodyMarked() {
        create(1, "image:1");
        awaitReady("image:1", 0);
        kube.of(BuiltIn.CLAIMS)
                .create(
                        namespace,
                        SetWorld.json(
                                """
                                {"metadata": {"name": "data-s-1",
                                   "annotations": {"%s": "lost its disk"}},
                                 "spec": {"accessModes": ["ReadWriteOnce"],
                                   "resources": {"requests": {"storage": "1Gi"}}}}"""
                                        .formatted(Annotations.DECOMMISSIONED)));

        live.patchSpec("{\"replicas\": 3}");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () ->
                                assertThat(live.condition("Stalled").reason())
                                        .isEqualTo("ClaimDecommissioned"));
        assertThat(live.condition("Stalled").message())
                .contains("data-s-1")
                .contains("lost its disk");
        assertThat(live.images()).containsOnlyKeys("s-0", "s-2");
        kube.of(BuiltIn.CLAIMS)
                .patch(
                        new ObjectKey(namespace, "data-s-1"),
                        new Patch.Merge(
                                SetWorld.json(
                                        "{\"metadata\": {\"annotations\": {\"%s\": null}}}"
                                                .formatted(Annotations.DECOMMISSIONED))));
        awaitReady("image:1", 0, 1, 2);
    }

    @Test
    void adoptsOrphansAndReleasesStrangers() {
        create(2, "image:1");
        awaitReady("image:1", 0, 1);
        Map<String, String> before = live.uids();
        ObjectKey revision = new ObjectKey(namespace, sets.get(key).status().updateRevision());
        JsonObject orphaned = SetWorld.json("{\"metadata\": {\"ownerReferences\": null}}");

        pods.patch(new ObjectKey(namespace, "s-1"), new Patch.Merge(orphaned));
        kube.of(BuiltIn.REVISIONS).patch(revision, new Patch.Merge(orphaned));
        await().atMost(Duration.ofSeconds(20))
                .until(
                        () ->
                                controls(pods.get(new ObjectKey(namespace, "s-1")))
                                        && controls(kube.of(BuiltIn.REVISIONS).get(revision)));

        // Without the label by which the cache finds it.
        label("{\"app\": \"other\", \"" + Labels.ORDINAL + "\": null}");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !controls(pods.get(new ObjectKey(namespace, "s-1"))));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> live.condition("Stalled").reason().equals("NameTaken"));

        label("{\"app\": \"s\"}");
        // Nothing tells of it: the set asks again for the name every 15 s.
        awaitReady("image:1", 0, 1);
        assertThat(controls(pods.get(new ObjectKey(namespace, "s-1")))).isTrue();
        assertThat(live.uids()).isEqualTo(before);
    }

    private void label(String labels) {
        pods.patch(
                new ObjectKey(namespace, "s-1"),
                new Patch.Merge(SetWorld.json("{\"metadata\": {\"labels\": " + labels + "}}")));
    }

    private boolean controls(KubernetesObject object) {
        V1OwnerReference owner = Informers.controllerOf(object);
        return owner != null && owner.getUid().equals(sets.get(key).metadata().getUid());
    }

    private V1PersistentVolumeClaim claim(int ordinal) {
        return kube.of(BuiltIn.CLAIMS).get(new ObjectKey(namespace, "data-s-" + ordinal));
    }

    private String mark(int ordinal) {
        Map<String, String> annotations = claim(ordinal).getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(Annotations.DECOMMISSIONED);
    }

    @Test
    void rollsOnePodAtATimeAndBack() {
        create(3, "image:1");
        awaitReady("image:1", 0, 1, 2);
        String first = sets.get(key).status().updateRevision();

        live.setImage("image:2");
        awaitReady("image:2", 0, 1, 2);
        live.setImage("image:1");
        awaitReady("image:1", 0, 1, 2);

        assertThat(sets.get(key).status().currentRevision()).isEqualTo(first);
        assertThat(world.kubelet.mostMissing(3)).isLessThanOrEqualTo(1);
    }

    @Test
    void revertingABadImageHeals() {
        create(3, "image:1");
        awaitReady("image:1", 0, 1, 2);
        live.setImage("bad");
        await().atMost(Duration.ofSeconds(20)).until(() -> live.images().containsValue("bad"));

        live.setImage("image:1");

        awaitReady("image:1", 0, 1, 2);
    }

    @Test
    void wipingTheStatusChangesNoPod() {
        create(2, "image:1");
        awaitReady("image:1", 0, 1);
        ExPodSet.Status before = sets.get(key).status();
        Map<String, String> versions = live.versions();

        sets.patchStatus(key, new Patch.Merge(SetWorld.json("{\"status\": null}")));

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> {
                            ExPodSet.Status after = sets.get(key).status();
                            assertThat(after).isNotNull();
                            assertThat(after.updateRevision()).isEqualTo(before.updateRevision());
                            assertThat(after.readyReplicas()).isEqualTo(2);
                        });
        assertThat(live.versions()).isEqualTo(versions);
    }

    @Test
    void leavesAStrangersPodAloneAndSaysSo() {
        V1Pod stranger =
                pods.create(
                        namespace,
                        SetWorld.json(
                                "{\"metadata\": {\"name\": \"s-0\"}, \"spec\": {\"containers\":"
                                        + " [{\"name\": \"c\", \"image\": \"theirs\"}]}}"));

        create(1, "image:1");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> {
                            Condition stalled = live.condition("Stalled");
                            assertThat(stalled.isTrue()).isTrue();
                            assertThat(stalled.reason()).isEqualTo("NameTaken");
                        });
        assertThat(live.uids()).containsEntry("s-0", stranger.getMetadata().getUid());
    }

    @Test
    void saysThatAStrangersRevisionIsInTheWay() {
        create(1, "image:1");
        awaitReady("image:1", 0);
        V1ControllerRevision revision =
                kube.of(BuiltIn.REVISIONS)
                        .get(new ObjectKey(namespace, sets.get(key).status().updateRevision()));
        sets.delete(key, DeleteOptions.PLAIN);
        // No garbage collector runs here: the old set's revision is in the way of the new one.
        await().until(() -> sets.find(key).isEmpty());
        create(1, "image:1");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> {
                            Condition stalled = live.condition("Stalled");
                            assertThat(stalled.reason()).isEqualTo("NameTaken");
                            assertThat(stalled.message())
                                    .contains("ControllerRevision " + ObjectKey.of(revision));
                        });
        kube.of(BuiltIn.REVISIONS).delete(ObjectKey.of(revision), DeleteOptions.PLAIN);
        pods.delete(new ObjectKey(namespace, "s-0"), DeleteOptions.PLAIN);
        awaitReady("image:1", 0);
    }

    @Test
    void replacesAnEvictedPodAndChangesLabelsInPlace() {
        create(2, "image:1");
        awaitReady("image:1", 0, 1);
        Map<String, String> before = live.uids();
        world.kubelet.fail("s-1");

        await().atMost(Duration.ofSeconds(20))
                .until(
                        live::uids,
                        now -> now.containsKey("s-1") && !now.get("s-1").equals(before.get("s-1")));
        awaitReady("image:1", 0, 1);
        Map<String, String> replaced = live.uids();
        live.patchSpec("{\"template\": {\"metadata\": {\"labels\": {\"new\": \"label\"}}}}");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () ->
                                assertThat(
                                                pods.list(ListQuery.inNamespace(namespace)).stream()
                                                        .map(pod -> pod.getMetadata().getLabels()))
                                        .allSatisfy(
                                                labels ->
                                                        assertThat(labels)
                                                                .containsEntry("new", "label")));
        assertThat(live.uids()).isEqualTo(replaced);
    }

    @Test
    void letsNewPodsJoinAndRetriesTheHook() {
        hookAnswers.add(new LifecycleClient.Outcome.Failed("not yet"));
        create(3, "image:1", "\"hooks\": {\"postScaleOut\": {\"retryIntervalSeconds\": 1}},");
        await().atMost(Duration.ofSeconds(20)).until(() -> hookCalls.size() == 1);
        // They have not joined, so nobody may be led to them.
        assertThat(sets.get(key).status().readyReplicas()).isZero();

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () ->
                                assertThat(sets.get(key).metadata().getAnnotations())
                                        .containsEntry(Annotations.JOINED_ORDINALS, "0-2"));
        assertThat(hookCalls).hasSize(2);
        awaitReady("image:1", 0, 1, 2);
        assertThat(hookCalls.peek().getAsJsonArray("members")).hasSize(3);
        live.patchSpec("{\"replicas\": 4}");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () ->
                                assertThat(sets.get(key).metadata().getAnnotations())
                                        .containsEntry(Annotations.JOINED_ORDINALS, "0-3"));
        assertThat(
                        hookCalls.stream()
                                .reduce((a, b) -> b)
                                .orElseThrow()
                                .getAsJsonArray("joining")
                                .toString())
                .isEqualTo("[3]");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(live.condition("Joined").isTrue()).isTrue());
    }

    private void assertNoWritesWhenReconciledAgain() {
        await().during(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(10))
                .until(
                        () -> sets.get(key).metadata().getResourceVersion(),
                        sets.get(key).metadata().getResourceVersion()::equals);
        Map<String, String> before = live.versions();
        for (int i = 0; i < 5; i++) {
            world.reconcileAgain();
        }
        await().during(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(5))
                .until(() -> live.versions().equals(before));
    }

    private void create(int replicas, String image) {
        create(replicas, image, "");
    }

    private void create(int replicas, String image, String more) {
        live.create(
                """
                        {"metadata": {"name": "s"},
                         "spec": {
                           %s
                           "replicas": %d, "serviceName": "svc", "podManagementPolicy": "Parallel",
                           "selector": {"matchLabels": {"app": "s"}},
                           "volumeClaimTemplates": [{"metadata": {"name": "data"},
                             "spec": {"accessModes": ["ReadWriteOnce"],
                               "resources": {"requests": {"storage": "1Gi"}}}}],
                           "template": {"metadata": {"labels": {"app": "s"}},
                             "spec": {"terminationGracePeriodSeconds": 0,
                               "containers": [{"name": "main", "image": "%s",
                                 "ports": [{"containerPort": 80}]}]}}}}"""
                        .formatted(more, replicas, image));
    }

    private void awaitReady(String image, Integer... ordinals) {
        Map<String, String> expected = new TreeMap<>();
        for (int ordinal : ordinals) {
            expected.put("s-" + ordinal, image);
        }
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(
                        () -> {
                            assertThat(live.images()).isEqualTo(expected);
                            ExPodSet set = sets.get(key);
                            assertThat(set.status()).isNotNull();
                            assertThat(set.status().availableReplicas()).isEqualTo(ordinals.length);
                            assertThat(set.status().updatedReplicas()).isEqualTo(ordinals.length);
                            assertThat(set.status().observedGeneration())
                                    .isEqualTo(set.metadata().getGeneration());
                        });
    }
}
