package io.paas.controllers.runtime;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Pod;
import io.paas.api.meta.Names;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.token.KeyPublisher;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Publishes token keys in ConfigMap `middleware-system/process-token-keys`.
public final class ConfigMapKeyPublisher implements KeyPublisher {

    private static final ObjectKey KEYS = new ObjectKey(Names.SYSTEM_NAMESPACE, Names.TOKEN_KEYS);

    private final ResourceClient<V1ConfigMap> configMaps;
    private final ResourceClient<V1Pod> pods;

    public ConfigMapKeyPublisher(KubeClient kube) {
        configMaps = kube.of(BuiltIn.CONFIG_MAPS);
        pods = kube.of(BuiltIn.PODS);
    }

    @Override
    public void publish(String keyId, String publicKey, String ownPrefix) {
        JsonObject data = new JsonObject();
        Map<String, String> present = configMaps.get(KEYS).getData();
        if (present != null) {
            // After the keys: whoever published one of these is a Pod by now, or was one.
            Set<String> alive =
                    pods.list(ListQuery.inNamespace(Names.SYSTEM_NAMESPACE)).stream()
                            .map(pod -> ObjectKey.of(pod).name())
                            .collect(Collectors.toSet());
            present.keySet().stream()
                    .filter(
                            id ->
                                    id.startsWith(ownPrefix)
                                            || !alive.contains(KeyPublisher.podOf(id)))
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
