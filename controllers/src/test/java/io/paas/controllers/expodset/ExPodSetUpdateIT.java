package io.paas.controllers.expodset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubernetes.client.openapi.models.V1ControllerRevision;
import io.kubernetes.client.openapi.models.V1Pod;
import io.paas.api.meta.Annotations;
import io.paas.api.meta.Labels;
import io.paas.api.v1.Condition;
import io.paas.api.v1.ExPodSet.PodReason;
import io.paas.controllers.runtime.Conditions;
import io.paas.controllers.runtime.Manifest;
import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.test.support.KubeApiServer;
import io.paas.test.support.KubeApiServerExtension;
import java.time.Duration;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What happens to Pods, claims and the budget of a set that is edited.
@ExtendWith(KubeApiServerExtension.class)
class ExPodSetUpdateIT {

    private final KubeApiServer server;
    private SetWorld world;

    ExPodSetUpdateIT(KubeApiServer server) {
        this.server = server;
    }

    @BeforeEach
    void start() throws InterruptedException {
        world = SetWorld.start(server);
    }

    @AfterEach
    void stop() throws InterruptedException {
        world.stop();
    }

    @Test
    void changesASidecarsImageAndTheSizeInTheRunningPod() {
        world.create("\"replicas\": 2, " + template("main:1", "exporter:1", "100Mi"));
        awaitUpToDate(2);
        String uid = world.pod(1).getMetadata().getUid();

        world.patchSpec(template("main:1", "exporter:2", "200Mi"));

        awaitUpToDate(2);
        V1Pod pod = world.pod(1);
        assertThat(pod.getMetadata().getUid()).isEqualTo(uid);
        assertThat(pod.getSpec().getContainers().get(1).getImage()).isEqualTo("exporter:2");
        assertThat(
                        pod.getSpec()
                                .getContainers()
                                .getFirst()
                                .getResources()
                                .getRequests()
                                .get("memory")
                                .toSuffixedString())
                .isEqualTo("200Mi");
        assertThat(pod.getMetadata().getLabels())
                .containsEntry(Labels.REVISION, world.status().updateRevision());
        assertThat(pod.getMetadata().getAnnotations())
                .satisfiesAnyOf(
                        none -> assertThat(none).isNull(),
                        some -> assertThat(some).doesNotContainKey(Annotations.IN_PLACE_UPDATE));

        world.patchSpec(template("main:2", "exporter:2", "200Mi"));
        awaitUpToDate(2);
        assertThat(world.pod(1).getMetadata().getUid()).as("its main image").isNotEqualTo(uid);
    }

    @Test
    void goingBackTakesTheOldRevisionWithANewNumber() {
        world.create("\"replicas\": 1, " + template("main:1", "exporter:1", "100Mi"));
        awaitUpToDate(1);
        String first = world.status().updateRevision();
        world.patchSpec(template("main:2", "exporter:1", "100Mi"));
        awaitUpToDate(1);
        String second = world.status().updateRevision();

        world.patchSpec(template("main:1", "exporter:1", "100Mi"));
        awaitUpToDate(1);

        assertThat(world.status().updateRevision()).isEqualTo(first).isNotEqualTo(second);
        assertThat(revision(first).getRevision()).isEqualTo(3);
        assertThat(revision(second).getRevision()).isEqualTo(2);
    }

    @Test
    void saysWhatIsWrongWithAPodUntilItIsNot() {
        world.create("\"replicas\": 2, " + template("bad", "exporter:1", "100Mi"));
        eventually(
                () ->
                        assertThat(world.status().pods())
                                .hasSize(2)
                                .allSatisfy(
                                        row ->
                                                assertThat(row.reason())
                                                        .isEqualTo(PodReason.STARTING)));

        world.patchSpec(template("main:1", "exporter:1", "100Mi"));

        awaitUpToDate(2);
        eventually(() -> assertThat(world.status().pods()).isEmpty());
    }

    @Test
    void onDeleteReplacesWhatNeverBecameReadyAndNothingElse() {
        world.create(
                "\"replicas\": 2, \"updateStrategy\": {\"type\": \"OnDelete\"}, "
                        + template("bad", "exporter:1", "100Mi"));
        eventually(() -> assertThat(world.status().replicas()).isEqualTo(2));
        world.patchSpec(template("main:1", "exporter:1", "100Mi"));
        awaitUpToDate(2);

        world.patchSpec(template("main:2", "exporter:1", "100Mi"));

        eventually(
                () ->
                        assertThat(world.status().pods())
                                .hasSize(2)
                                .allSatisfy(
                                        row ->
                                                assertThat(row.reason())
                                                        .isEqualTo(PodReason.OUTDATED)));
        assertThat(world.status().updatedReplicas()).isZero();
    }

    @Test
    void keepsABudgetWhileOneIsAskedFor() {
        world.create(
                "\"replicas\": 1, \"podDisruptionBudget\": \"MaxUnavailable\", "
                        + template("main:1", "exporter:1", "100Mi"));
        ResourceClient<Manifest> budgets = world.kube.of(Manifest.DISRUPTION_BUDGETS);
        eventually(
                () ->
                        assertThat(budgets.get(world.key).json().at("/spec/maxUnavailable").asInt())
                                .isEqualTo(1));

        world.patchSpec("\"updateStrategy\": {\"maxUnavailable\": 2}");
        eventually(
                () ->
                        assertThat(budgets.get(world.key).json().at("/spec/maxUnavailable").asInt())
                                .isEqualTo(2));

        world.patchSpec("\"podDisruptionBudget\": \"None\"");
        await().atMost(Duration.ofSeconds(60)).until(() -> budgets.find(world.key).isEmpty());
    }

    @Test
    void claimsGrowWhereTheirClassAllowsIt() {
        storageClass("grows", true);
        storageClass("fixed", false);
        world.create(
                "\"replicas\": 1, "
                        + template("main:1", "exporter:1", "100Mi")
                        + ", "
                        + claims("1Gi"));
        awaitUpToDate(1);
        bind("a-s-0");
        bind("b-s-0");

        world.patchSpec(claims("2Gi"));

        eventually(() -> assertThat(size("a-s-0")).isEqualTo("2Gi"));
        eventually(
                () -> {
                    Condition stalled =
                            Conditions.find(world.status().conditions(), "Stalled").orElseThrow();
                    assertThat(stalled.reason()).isEqualTo("ExpansionNotAllowed");
                    assertThat(stalled.message()).contains("b-s-0").contains("fixed");
                });
        assertThat(size("b-s-0")).isEqualTo("1Gi");
        world.patchSpec("\"replicas\": 2");
        eventually(() -> assertThat(size("b-s-1")).isEqualTo("2Gi"));
    }

    @Test
    void aTemplateThatTheServerRefusesBecomesACondition() {
        world.create(
                "\"replicas\": 1, \"template\": {\"metadata\": {\"labels\": {\"app\": \"s\"}},"
                        + " \"spec\": {\"containers\": [{\"name\": \"main\", \"image\": \"i\","
                        + " \"volumeMounts\": [{\"name\": \"none\", \"mountPath\": \"/x\"}]}]}}");
        eventually(
                () -> {
                    Condition stalled =
                            Conditions.find(world.status().conditions(), "Stalled").orElseThrow();
                    assertThat(stalled.reason()).isEqualTo("InvalidTemplate");
                    assertThat(stalled.message()).contains("volumeMounts");
                });

        world.patchSpec(template("main:1", "exporter:1", "100Mi"));
        awaitUpToDate(1);
    }

    @Test
    void podsPreferToSpreadUnlessTheTemplateSaysOtherwise() {
        world.create("\"replicas\": 1, " + template("main:1", "exporter:1", "100Mi"));
        awaitUpToDate(1);
        assertThat(world.pod(0).getSpec().getTopologySpreadConstraints())
                .hasSize(2)
                .allSatisfy(
                        constraint ->
                                assertThat(constraint.getWhenUnsatisfiable())
                                        .isEqualTo("ScheduleAnyway"));
    }

    private void awaitUpToDate(int replicas) {
        eventually(
                () -> {
                    assertThat(world.status().observedGeneration())
                            .isEqualTo(world.sets.get(world.key).metadata().getGeneration());
                    assertThat(world.status().updatedReplicas()).isEqualTo(replicas);
                    assertThat(world.status().availableReplicas()).isEqualTo(replicas);
                    assertThat(world.status().currentRevision())
                            .isEqualTo(world.status().updateRevision());
                });
    }

    private static void eventually(ThrowingRunnable check) {
        await().atMost(Duration.ofSeconds(60))
                .ignoreException(ApiFailure.NotFound.class)
                .untilAsserted(check);
    }

    private V1ControllerRevision revision(String name) {
        return world.kube.of(BuiltIn.REVISIONS).get(new ObjectKey(world.key.namespace(), name));
    }

    private static String template(String main, String exporter, String memory) {
        return """
        "template": {"metadata": {"labels": {"app": "s"}},
          "spec": {"terminationGracePeriodSeconds": 0, "containers": [
            {"name": "main", "image": "%s", "resources": {"requests": {"memory": "%s"}}},
            {"name": "exporter", "image": "%s"}]}}"""
                .formatted(main, memory, exporter);
    }

    private static String claims(String size) {
        return "\"volumeClaimTemplates\": [%s, %s]"
                .formatted(claim("a", "grows", size), claim("b", "fixed", size));
    }

    private static String claim(String name, String storageClass, String size) {
        return """
        {"metadata": {"name": "%s"}, "spec": {"accessModes": ["ReadWriteOnce"],
          "storageClassName": "%s", "resources": {"requests": {"storage": "%s"}}}}"""
                .formatted(name, storageClass, size);
    }

    private void storageClass(String name, boolean grows) {
        ObjectKey key = new ObjectKey("", name);
        if (world.kube.of(BuiltIn.STORAGE_CLASSES).find(key).isEmpty()) {
            world.kube
                    .of(BuiltIn.STORAGE_CLASSES)
                    .create(
                            "",
                            SetWorld.json(
                                    """
                                    {"metadata": {"name": "%s"}, "provisioner": "example/none",
                                     "allowVolumeExpansion": %s}"""
                                            .formatted(name, grows)));
        }
    }

    private void bind(String claim) {
        ObjectKey key = new ObjectKey(world.key.namespace(), claim);
        world.kube
                .of(BuiltIn.CLAIMS)
                .patch(key, new Patch.Merge(SetWorld.json("{\"spec\": {\"volumeName\": \"v\"}}")));
        world.kube
                .of(BuiltIn.CLAIMS)
                .patchStatus(
                        key,
                        new Patch.Merge(
                                SetWorld.json(
                                        "{\"status\": {\"phase\": \"Bound\", \"capacity\":"
                                                + " {\"storage\": \"1Gi\"}}}")));
    }

    private String size(String claim) {
        return world.kube
                .of(BuiltIn.CLAIMS)
                .get(new ObjectKey(world.key.namespace(), claim))
                .getSpec()
                .getResources()
                .getRequests()
                .get("storage")
                .toSuffixedString();
    }
}
