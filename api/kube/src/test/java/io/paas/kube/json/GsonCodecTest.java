package io.paas.kube.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1Pod;
import org.junit.jupiter.api.Test;

class GsonCodecTest {

    private static final String KNOWN =
            """
            {"apiVersion": "v1", "kind": "Pod",
             "metadata": {"name": "a", "creationTimestamp": "2026-01-02T03:04:05Z",
               "labels": {"x": "y"}},
             "spec": {"containers": [{"name": "main", "image": "i",
                 "resources": {"limits": {"cpu": "100m"}},
                 "readinessProbe": {"httpGet": {"port": 80}}}],
               "volumes": [{"name": "t", "emptyDir": {}}]},
             "status": {"phase": "Running"}}""";

    private final GsonCodec<V1Pod> codec = new GsonCodec<>(V1Pod.class);

    @Test
    void toleratesUnknownFieldsAtEveryDepth() {
        JsonObject pod = JsonParser.parseString(KNOWN).getAsJsonObject();
        pod.addProperty("invented", 1);
        JsonObject spec = pod.getAsJsonObject("spec");
        spec.add("invented", new JsonObject());
        spec.getAsJsonArray("containers").get(0).getAsJsonObject().addProperty("invented", true);

        V1Pod read = codec.read(pod);

        assertThat(read).isEqualTo(codec.read(JsonParser.parseString(KNOWN).getAsJsonObject()));
        assertThat(read.getSpec().getContainers().getFirst().getImage()).isEqualTo("i");
    }

    @Test
    void stockClientRefusesTheSamePod() {
        // The reason for the codec; when this fails, client-java has become tolerant itself. Each
        // factory of the stock adapter asks its model's own check.
        JsonObject pod = JsonParser.parseString(KNOWN).getAsJsonObject();
        pod.addProperty("invented", 1);

        assertThatThrownBy(() -> V1Pod.validateJsonElement(pod)).hasMessageContaining("invented");
    }

    @Test
    void readsKnownObjectsAsTheStockClientDoes() {
        V1Pod stock = JSON.getGson().fromJson(KNOWN, V1Pod.class);

        assertThat(codec.read(JsonParser.parseString(KNOWN).getAsJsonObject())).isEqualTo(stock);
    }

    @Test
    void writesNoEmptyListsButKeepsEmptyObjects() {
        JsonObject written =
                codec.write(codec.read(JsonParser.parseString(KNOWN).getAsJsonObject()));

        JsonObject spec = written.getAsJsonObject("spec");
        assertThat(spec.keySet()).contains("containers", "volumes").doesNotContain("tolerations");
        assertThat(spec.getAsJsonArray("volumes").get(0).getAsJsonObject().get("emptyDir"))
                .isEqualTo(new JsonObject());
    }
}
