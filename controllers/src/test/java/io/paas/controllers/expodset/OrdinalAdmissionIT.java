package io.paas.controllers.expodset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.paas.api.v1.ExPodSet;
import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.metrics.Metrics;
import io.paas.plan.expodset.OrdinalSet;
import io.paas.test.support.KubeApiServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a real kube-apiserver thinks of changes of `offlineOrdinals`, without any controller, and
/// on a server of its own, since policies are everybody's. Sets are written as `<replicas>
/// <offline,…>`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrdinalAdmissionIT {

    private static final Path MANIFESTS = Path.of("../apiservice-manifests");
    private static final String NONE = "-";

    private final KubeApiServer server = KubeApiServer.start();
    private final KubeClient kube =
            KubeClient.withToken(
                    server.url(), server.adminToken(), server.ca(), "it", new Metrics());
    private final ResourceClient<ExPodSet> sets = kube.of(PodActionExecutor.SETS);
    private ObjectKey key;

    @AfterAll
    void stop() {
        server.close();
    }

    @BeforeEach
    void start() {
        apply("crds/expodsets.yaml");
        server.kubectl("wait", "--for=condition=Established", "crd/expodsets.paas.io");
        apply("policies/expodset-ordinals.yaml");
        String namespace =
                kube.of(BuiltIn.NAMESPACES)
                        .create(
                                new V1Namespace()
                                        .metadata(new V1ObjectMeta().generateName("ordinals-")))
                        .getMetadata()
                        .getName();
        key = new ObjectKey(namespace, "probe");
        create("5", NONE);
        // A policy is in force some time after it was created.
        await().atMost(Duration.ofSeconds(30)).until(() -> isRefused("5", "1"));
        key = new ObjectKey(namespace, "s");
    }

    @ParameterizedTest
    @CsvSource({
        // Of 0-4: out with one, with several, with the last.
        "5, -,      4, 2",
        "5, -,      2, 0;2-3",
        "5, -,      4, 4",
        // And back.
        "4, 2,      5, -",
        "2, 0;2-3,  4, 2",
        "4, 4,      5, -",
        // One out, another one back.
        "4, 2,      4, 3",
        // The same in other words, and more.
        "3, 1;2,    3, 1-2",
        "3, 1;2,    2, 1-3",
        // Beyond the running set: nothing runs there, so it may be forgotten, or come next.
        "2, 9,      2, -",
        "2, 2,      3, -",
        // The start of a StatefulSet.
        "2, 0-2,    3, 0-1",
        "4, 0-1,    2, 0-3",
        // replicas alone.
        "5, -,      9, -",
        "4, 2,      0, 2",
        // Nothing runs.
        "0, 2,      0, -",
    })
    void accepts(String replicas, String offline, String toReplicas, String toOffline) {
        create(replicas, offline);
        var before = OrdinalSet.parse(list(offline)).running(Integer.parseInt(replicas));

        update(toReplicas, toOffline);

        var after = OrdinalSet.parse(list(toOffline)).running(Integer.parseInt(toReplicas));
        if (!offline.equals(toOffline)) {
            assertThat(before)
                    .filteredOn(ordinal -> !after.contains(ordinal))
                    .as("went by name")
                    .allMatch(OrdinalSet.parse(list(toOffline))::contains);
            assertThat(after)
                    .filteredOn(ordinal -> !before.contains(ordinal))
                    .as("came by name")
                    .allMatch(OrdinalSet.parse(list(offline))::contains);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "5|-|4|9|spec.offlineOrdinals: 9 names an ordinal that does not exist|the highest of which is 4",
                "5|-|3|3-9|spec.offlineOrdinals: 3-9 names an ordinal|the highest of which is 4",
                "4|2|3|2;7|spec.offlineOrdinals: 7 names an ordinal|the highest of which is 4",
                "2|9|1|9-10|spec.offlineOrdinals: 9-10 names an ordinal|the highest of which is 1",
                "5|-|0|0-4|spec.offlineOrdinals: names all ordinals|spec.replicas: 0",
                "4|2|0|0-4|spec.offlineOrdinals: names all ordinals|at least one has to stay",
                "5|-|5|2|spec.replicas: must be 4|each ordinal taken out lowers it by one",
                "5|-|3|2|spec.replicas: must be 4|not 3",
                "4|2|4|-|spec.replicas: must be 5|each brought back raises it by one",
                "4|2|6|-|spec.replicas: must be 5|not 6",
                "2|9|3|-|spec.replicas: must be 2|not 3",
                "2|0-1|2|0-3|spec.offlineOrdinals: names all ordinals|at least one",
                "5|-|3|2;1-3|spec.offlineOrdinals: each ordinal may be listed once|in one range",
                "5|-|4|3-2|spec.offlineOrdinals: a range begins with its lower end|5-7",
                "5|-|3|2;2|spec.offlineOrdinals|Duplicate value",
            })
    void refusesAndWritesNothing(
            String replicas,
            String offline,
            String toReplicas,
            String toOffline,
            String field,
            String allowed) {
        create(replicas, offline);
        String version = version();

        assertThatThrownBy(() -> update(toReplicas, toOffline))
                .isInstanceOf(ApiFailure.class)
                .hasMessageContaining(field)
                .hasMessageContaining(allowed);

        assertThat(version()).isEqualTo(version);
        assertThat(kube.of(BuiltIn.PODS).list(ListQuery.inNamespace(key.namespace()))).isEmpty();
    }

    @Test
    void creationRefusesOnlyWhatMeansNothing() {
        assertThatThrownBy(() -> create("3", "2;1-3"))
                .hasMessageContaining("spec.offlineOrdinals: each ordinal may be listed once");
        assertThatThrownBy(() -> create("3", "3-1"))
                .hasMessageContaining("spec.offlineOrdinals: a range begins with its lower end");
        create("3", "2;5-7;100-200");
    }

    @Test
    void theScaleSubresourceChangesReplicasAlone() {
        create("4", "2");
        server.kubectl("scale", "eps/s", "--replicas=7", "-n", key.namespace());
        assertThat(sets.get(key).spec().replicas()).isEqualTo(7);
    }

    /// Dozens of ranges cost more than one, and must not cost too much.
    @Test
    void longListsCanStillBeChanged() {
        List<String> many =
                IntStream.range(0, 64).mapToObj(i -> (3 * i + 1) + "-" + (3 * i + 2)).toList();
        create("100", String.join(";", many));

        update("102", String.join(";", many.subList(1, 64)));

        assertThat(sets.get(key).spec().offlineOrdinals()).hasSize(63);
    }

    private boolean isRefused(String replicas, String offline) {
        try {
            update(replicas, offline);
            update("5", NONE);
            return false;
        } catch (ApiFailure refused) {
            return true;
        }
    }

    private void apply(String manifest) {
        server.kubectl("apply", "--server-side", "-f", MANIFESTS.resolve(manifest).toString());
    }

    private void create(String replicas, String offline) {
        sets.create(
                key.namespace(),
                json(
                        """
                        {"metadata": {"name": "%s"},
                         "spec": {"replicas": %s, "offlineOrdinals": %s, "serviceName": "svc",
                           "selector": {"matchLabels": {"app": "s"}},
                           "template": {"metadata": {"labels": {"app": "s"}},
                             "spec": {"containers": [{"name": "main", "image": "i"}]}}}}"""
                                .formatted(key.name(), replicas, array(offline))));
    }

    private void update(String replicas, String offline) {
        sets.patch(
                key,
                new Patch.Merge(
                        json(
                                "{\"spec\": {\"replicas\": %s, \"offlineOrdinals\": %s}}"
                                        .formatted(replicas, array(offline)))));
    }

    private String version() {
        return sets.get(key).metadata().getResourceVersion();
    }

    private static List<String> list(String offline) {
        return offline.equals(NONE) ? List.of() : Arrays.asList(offline.split(";", -1));
    }

    private static String array(String offline) {
        return list(offline).stream()
                .map(entry -> '"' + entry + '"')
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }
}
