package io.paas.controllers.runtime;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.paas.api.meta.Names;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.token.KeyPublisher;
import java.util.Map;

/// Publishes token keys in ConfigMap `middleware-system/process-token-keys`.
public final class ConfigMapKeyPublisher implements KeyPublisher {

    private static final ObjectKey KEYS = new ObjectKey(Names.SYSTEM_NAMESPACE, Names.TOKEN_KEYS);

    private final ResourceClient<V1ConfigMap> configMaps;

    public ConfigMapKeyPublisher(KubeClient kube) {
        configMaps = kube.of(BuiltIn.CONFIG_MAPS);
    }

    @Override
    public void publish(String keyId, String publicKey, String ownPrefix) {
        JsonObject data = new JsonObject();
        Map<String, String> present = configMaps.get(KEYS).getData();
        if (present != null) {
            present.keySet().stream()
                    .filter(id -> id.startsWith(ownPrefix))
                    .forEach(id -> data.add(id, JsonNull.INSTANCE));
        }
        data.addProperty(keyId, publicKey);
        patch(data);
    }

    @Override
    public void withdraw(String keyId) {
        JsonObject data = new JsonObject();
        data.add(keyId, JsonNull.INSTANCE);
        patch(data);
    }

    private void patch(JsonObject data) {
        JsonObject body = new JsonObject();
        body.add("data", data);
        configMaps.patch(KEYS, new Patch.Merge(body));
    }
}
