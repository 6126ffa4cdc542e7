package io.paas.controllers.expodset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.paas.api.v1.ExPodSet;
import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.test.support.KubeApiServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What can not work is refused by the API server, with the field and what is allowed.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExPodSetAdmissionIT {

    private static final String GOOD =
            """
            {"metadata": {"name": "s"},
             "spec": {"replicas": 2, "serviceName": "svc", "podManagementPolicy": "Parallel",
               "selector": {"matchLabels": {"app": "s"}},
               "updateStrategy": {"type": "RollingUpdate", "partition": 0, "maxUnavailable": 1},
               "minReadySeconds": 0, "revisionHistoryLimit": 2, "podDisruptionBudget": "None",
               "volumeClaimTemplates": [
                 {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data"},
                  "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "slow",
                           "resources": {"requests": {"storage": "1Gi"}}}},
                 {"metadata": {"name": "logs"}, "spec": {"accessModes": ["ReadWriteOnce"],
                           "resources": {"requests": {"storage": 1073741824}}}}],
               "template": {"metadata": {"labels": {"app": "s", "more": "m"}},
                 "spec": {"restartPolicy": "Always",
                   "initContainers": [{"name": "setup", "image": "i"}],
                   "containers": [{"name": "main", "image": "i"},
                                  {"name": "side", "image": "i"}]}}}}""";

    private final KubeApiServer server = KubeApiServer.start();
    private ResourceClient<ExPodSet> sets;
    private ObjectKey key;

    @AfterAll
    void stop() {
        server.close();
    }

    @BeforeEach
    void start() {
        SetWorld.define(server);
        KubeClient kube = SetWorld.client(server);
        sets = kube.of(PodActionExecutor.SETS);
        key = new ObjectKey(SetWorld.namespace(kube), "s");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'name': 's'} | 'name': 's.t'} | metadata.name | lower-case letters",
                "'replicas': 2 | 'replicas': -1 | spec.replicas | greater than or equal to 0",
                "'serviceName': 'svc' | 'serviceName': 'S_' | spec.serviceName | should match",
                "'Parallel' | 'Random' | spec.podManagementPolicy | 'OrderedReady', 'Parallel'",
                "'matchLabels': {'app': 's'} | 'matchLabels': {} | spec.selector.matchLabels | 1",
                "'matchLabels': {'app': 's'} | 'matchLabels': {'app': 't'}"
                        + " | spec.template.metadata.labels | spec.selector.matchLabels",
                "'matchLabels': {'app': 's'} | 'matchLabels': {'middleware.paas.io/role': 's'}"
                        + " | spec.selector.matchLabels | differ from Pod to Pod",
                "'labels': {'app': 's', 'more': 'm'} | 'labels': {'app': 's', 'more': 'm m'}"
                        + " | spec.template.metadata.labels.more | should match",
                "'metadata': {'labels': {'app': 's', 'more': 'm'}}, | ~~"
                        + " | spec.template.metadata | Required value",
                "'RollingUpdate' | 'Recreate' | spec.updateStrategy.type | 'OnDelete'",
                "'partition': 0 | 'partition': -1 | spec.updateStrategy.partition | equal to 0",
                "'maxUnavailable': 1 | 'maxUnavailable': 0"
                        + " | spec.updateStrategy.maxUnavailable | equal to 1",
                "'minReadySeconds': 0 | 'minReadySeconds': -1 | spec.minReadySeconds | equal to 0",
                "'revisionHistoryLimit': 2 | 'revisionHistoryLimit': -1"
                        + " | spec.revisionHistoryLimit | equal to 0",
                "'podDisruptionBudget': 'None' | 'podDisruptionBudget': 'All'"
                        + " | spec.podDisruptionBudget | 'MaxUnavailable'",
                "'restartPolicy': 'Always' | 'restartPolicy': 'Never'"
                        + " | spec.template.spec.restartPolicy | 'Always'",
                "'restartPolicy': 'Always' | 'activeDeadlineSeconds': 5"
                        + " | spec.template.spec.activeDeadlineSeconds | not allowed",
                "[{'name': 'main', 'image': 'i'}, | [], 'x': ["
                        + " | spec.template.spec.containers | at least 1",
                "'name': 'side', 'image' | 'name': 'main', 'image'"
                        + " | spec.template.spec.containers[1] | Duplicate value",
                "'name': 'side', 'image' | 'name': 'setup', 'image'"
                        + " | spec.template.spec.initContainers | must differ",
                "'name': 'side', 'image' | 'name': 'Side', 'image'"
                        + " | spec.template.spec.containers[1].name | should match",
                "{'name': 'side', 'image': 'i'} | {'name': 'side'}"
                        + " | spec.template.spec.containers[1].image | Required value",
                "'name': 'logs' | 'name': 'data' | spec.volumeClaimTemplates | only once",
                "'name': 'logs' | 'name': 'Logs'"
                        + " | spec.volumeClaimTemplates[1].metadata.name | should match",
                "'1Gi' | 'much' | spec.volumeClaimTemplates[0].spec.resources.requests.storage"
                        + " | should match",
                "['ReadWriteOnce'], 'storageClassName' | ['Sometimes'], 'storageClassName'"
                        + " | spec.volumeClaimTemplates[0].spec.accessModes[0] | 'ReadWriteMany'",
            })
    void refuses(String right, String wrong, String field, String allowed) {
        String good = GOOD.replace('"', '\'');
        String bad = good.replace(right, wrong == null ? "" : wrong);
        assertThat(bad).isNotEqualTo(good);

        assertThatThrownBy(() -> create(bad.replace('\'', '"')))
                .isInstanceOf(ApiFailure.Invalid.class)
                .hasMessageContaining(field)
                .hasMessageContaining(allowed.replace('\'', '"'));
        assertThat(sets.list(ListQuery.inNamespace(key.namespace()))).isEmpty();
    }

    @Test
    void ofAClaimTemplateOnlyTheSizeMayChangeAndOnlyGrow() {
        create(GOOD);

        claims("1Gi", "1.5Gi");
        assertThat(sets.get(key).spec().volumeClaimTemplates().getFirst().toString())
                .contains("1.5Gi");
        assertThatThrownBy(() -> claims("1Gi", "1Gi")).hasMessageContaining("grow, not shrink");
        for (String[] change :
                new String[][] {{"slow", "fast"}, {"logs", "journal"}, {"Once", "Many"}}) {
            assertThatThrownBy(() -> claims(change[0], change[1]))
                    .hasMessageContaining("only spec.resources.requests.storage may change");
        }
        assertThatThrownBy(() -> patch("{\"volumeClaimTemplates\": null}"))
                .hasMessageContaining("only spec.resources.requests.storage may change");
    }

    /// What a HorizontalPodAutoscaler does: read the Scale, set its replicas.
    @Test
    void aScaleHasReplicasAndSelectorAndSetsOfClustersRefuseIt() {
        server.kubectl("apply", "-f", "../apiservice-manifests/policies/expodset-owned.yaml");
        create(GOOD);
        status("{\"replicas\": 2, \"selector\": \"app=s\"}");

        String scale = server.kubectl("get", "--raw", path() + "/scale");
        assertThat(scale).contains("\"kind\":\"Scale\"").contains("\"selector\":\"app=s\"");
        server.kubectl("scale", "eps/s", "-n", key.namespace(), "--replicas=3");
        assertThat(sets.get(key).spec().replicas()).isEqualTo(3);

        status("{\"selector\": \"app=s,middleware.paas.io/cluster=demo\"}");
        // The API server learns of a policy a moment after it is there.
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () ->
                                assertThatThrownBy(() -> scale(5))
                                        .hasMessageContaining("MiddlewareCluster demo"));

        status("{\"selector\": null}");
        assertThatThrownBy(() -> scale(5)).hasMessageContaining("has no status yet");
    }

    private void scale(int replicas) {
        // Down to where it was, so that a try that was not refused yet can be tried again.
        String one = "--replicas=" + replicas;
        server.kubectl("scale", "eps/s", "-n", key.namespace(), one);
        server.kubectl("scale", "eps/s", "-n", key.namespace(), "--replicas=3");
    }

    private String path() {
        return "/apis/paas.io/v1/namespaces/" + key.namespace() + "/expodsets/s";
    }

    private void create(String set) {
        sets.create(key.namespace(), SetWorld.json(set));
    }

    /// The claim templates, once changed.
    private void claims(String from, String to) {
        String templates =
                SetWorld.json(GOOD)
                        .getAsJsonObject("spec")
                        .get("volumeClaimTemplates")
                        .toString()
                        .replace(from, to);
        patch("{\"volumeClaimTemplates\": " + templates + "}");
    }

    private void patch(String spec) {
        sets.patch(key, new Patch.Merge(SetWorld.json("{\"spec\": " + spec + "}")));
    }

    private void status(String status) {
        sets.patchStatus(key, new Patch.Merge(SetWorld.json("{\"status\": " + status + "}")));
    }
}
