package io.paas.kube.informer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.DeleteOptions;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.metrics.Metrics;
import io.paas.test.support.KubeApiServer;
import io.paas.test.support.KubeApiServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KubeApiServerExtension.class)
class InformerIT {

    private final KubeClient kube;
    private final ResourceClient<V1ConfigMap> configMaps;
    private String namespace;

    InformerIT(KubeApiServer server) {
        kube =
                KubeClient.withToken(
                        server.url(), server.adminToken(), server.ca(), "it", new Metrics());
        configMaps = kube.of(BuiltIn.CONFIG_MAPS);
    }

    @BeforeEach
    void createNamespace() {
        V1Namespace created =
                kube.of(BuiltIn.NAMESPACES)
                        .create(
                                new V1Namespace()
                                        .metadata(new V1ObjectMeta().generateName("informer-")));
        namespace = created.getMetadata().getName();
    }

    @Test
    void followsWhatMatchesTheSelector() throws Exception {
        configMaps.create(configMap("before", "yes"));
        configMaps.create(configMap("other", "no"));
        List<String> changes = new CopyOnWriteArrayList<>();
        try (Informer<V1ConfigMap> informer =
                new Informer<>(configMaps, ListQuery.inNamespace(namespace).labelled("watch=yes"))
                        .onChange(change -> changes.add(describe(change)))
                        .start()) {
            assertThat(informer.awaitSync(Duration.ofSeconds(10))).isTrue();

            V1ConfigMap created = configMaps.create(configMap("after", "yes"));
            configMaps.patch(key("before"), new Patch.Merge(json("{\"data\": {\"k\": \"v\"}}")));
            configMaps.patch(
                    key("after"),
                    new Patch.Merge(json("{\"metadata\": {\"labels\": {\"watch\": \"no\"}}}")));
            configMaps.delete(key("before"), DeleteOptions.PLAIN);

            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(
                            () ->
                                    assertThat(changes)
                                            .containsExactly(
                                                    "+before", "+after", "~before", "-after",
                                                    "-before"));
            assertThat(informer.list()).isEmpty();
            assertThat(informer.storeVersion(namespace))
                    .isGreaterThan(Long.parseLong(created.getMetadata().getResourceVersion()));
        }
    }

    @Test
    void saysWhenItsStoreShowsAnOwnWrite() throws Exception {
        WrittenVersions written = new WrittenVersions();
        ObjectKey owner = key("owner");
        try (Informer<V1ConfigMap> informer =
                new Informer<>(configMaps, ListQuery.inNamespace(namespace)).start()) {
            informer.awaitSync(Duration.ofSeconds(10));

            V1ConfigMap created = configMaps.create(configMap("mine", "yes"));
            written.wrote(owner, BuiltIn.CONFIG_MAPS, created);

            assertThat(written.caughtUp(owner, (_, _) -> 0)).isFalse();
            await().atMost(Duration.ofSeconds(10))
                    .until(
                            () ->
                                    written.caughtUp(
                                            owner, (_, _) -> informer.storeVersion(namespace)));
            assertThat(informer.get(key("mine"))).isNotNull();
        }
    }

    /// A namespace in which nothing happens must not make the others wait for its next bookmark.
    @Test
    void followsSeveralNamespacesEachForItself() throws Exception {
        String first = namespace;
        createNamespace();
        String quiet = namespace;
        createNamespace();
        String unwatched = namespace;
        try (Informer<V1ConfigMap> informer =
                new Informer<>(
                                configMaps,
                                List.of(ListQuery.inNamespace(first), ListQuery.inNamespace(quiet)))
                        .start()) {
            informer.awaitSync(Duration.ofSeconds(10));
            namespace = unwatched;
            configMaps.create(configMap("strange", "yes"));
            namespace = quiet;
            configMaps.create(configMap("before", "yes"));
            namespace = first;
            V1ConfigMap created = configMaps.create(configMap("after", "yes"));

            await().atMost(Duration.ofSeconds(10)).until(() -> informer.get(key("after")) != null);
            long version = Long.parseLong(created.getMetadata().getResourceVersion());
            assertThat(informer.storeVersion(first)).isGreaterThanOrEqualTo(version);
            assertThat(informer.storeVersion(quiet)).isLessThan(version);
            await().atMost(Duration.ofSeconds(10)).until(() -> informer.list().size() == 2);
            assertThat(informer.get(new ObjectKey(unwatched, "strange"))).isNull();
        }
    }

    @Test
    void anIndexOfNothingIsEmpty() throws Exception {
        try (Informer<V1ConfigMap> informer =
                new Informer<>(configMaps, ListQuery.inNamespace(namespace).labelled("no=such"))
                        .indexedBy("name", c -> List.of(c.getMetadata().getName()))
                        .start()) {
            informer.awaitSync(Duration.ofSeconds(10));

            assertThat(informer.byIndex("name", "a")).isEmpty();
        }
    }

    @Test
    void listsInPages() {
        for (int i = 0; i < 501; i++) {
            configMaps.create(configMap("c" + i, "yes"));
        }

        assertThat(configMaps.list(ListQuery.inNamespace(namespace), null).next()).isNotNull();
        assertThat(configMaps.list(ListQuery.inNamespace(namespace))).hasSize(501);
    }

    @Test
    void answersTypedFailures() {
        configMaps.create(configMap("a", "yes"));

        assertThatThrownBy(() -> configMaps.create(configMap("a", "yes")))
                .isInstanceOfSatisfying(
                        ApiFailure.Conflict.class, f -> assertThat(f.alreadyExists()).isTrue());
        assertThatThrownBy(() -> configMaps.delete(key("a"), DeleteOptions.ofUid("other")))
                .isInstanceOf(ApiFailure.Conflict.class);
        assertThatThrownBy(() -> configMaps.create(configMap("Not_A_Name", "yes")))
                .isInstanceOf(ApiFailure.Invalid.class);
        assertThat(configMaps.find(key("absent"))).isEmpty();
        assertThat(configMaps.delete(key("absent"), DeleteOptions.PLAIN)).isEmpty();
    }

    @Test
    void appliesOnlyItsOwnFields() {
        configMaps.apply(configMap("a", "yes").data(Map.of("mine", "1")));
        configMaps.patch(key("a"), new Patch.Merge(json("{\"data\": {\"theirs\": \"2\"}}")));

        configMaps.apply(configMap("a", "yes").data(Map.of("mine", "3")));

        assertThat(configMaps.get(key("a")).getData())
                .containsOnly(Map.entry("mine", "3"), Map.entry("theirs", "2"));
    }

    private V1ConfigMap configMap(String name, String label) {
        return new V1ConfigMap()
                .metadata(
                        new V1ObjectMeta()
                                .namespace(namespace)
                                .name(name)
                                .labels(Map.of("watch", label)));
    }

    private ObjectKey key(String name) {
        return new ObjectKey(namespace, name);
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }

    private static String describe(Informer.Change<V1ConfigMap> change) {
        String sign = change.before() == null ? "+" : change.after() == null ? "-" : "~";
        return sign + change.object().getMetadata().getName();
    }
}
