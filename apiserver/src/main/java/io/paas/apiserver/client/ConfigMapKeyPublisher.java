package io.paas.apiserver.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.paas.apiserver.request.Trees;
import io.paas.token.KeyPublisher;
import io.paas.wire.TokenKeys;
import java.util.HashSet;
import java.util.Set;

/// Publishes keys by merge patches: several processes write here at once, each its own entries.
public final class ConfigMapKeyPublisher implements KeyPublisher {

    private static final String PATH =
            "/api/v1/namespaces/" + TokenKeys.NAMESPACE + "/configmaps/" + TokenKeys.CONFIG_MAP;

    private static final String PODS = "/api/v1/namespaces/" + TokenKeys.NAMESPACE + "/pods";

    private final KubeApi kube;

    public ConfigMapKeyPublisher(KubeApi kube) {
        this.kube = kube;
    }

    @Override
    public void publish(String keyId, String publicKey, String ownPrefix) {
        ObjectNode patch = Trees.object();
        ObjectNode data = patch.putObject("data");
        JsonNode present = kube.get(PATH).path("data");
        // After the keys: whoever published one of these is a Pod by now, or was one.
        Set<String> alive = new HashSet<>();
        kube.get(PODS)
                .path("items")
                .forEach(pod -> alive.add(pod.path("metadata").path("name").asText()));
        present.fieldNames()
                .forEachRemaining(
                        name -> {
                            if (name.startsWith(ownPrefix)
                                    || !alive.contains(KeyPublisher.podOf(name))) {
                                data.putNull(name);
                            }
                        });
        data.put(keyId, publicKey);
        kube.mergePatch(PATH, patch);
    }

    @Override
    public void withdraw(String keyId) {
        ObjectNode patch = Trees.object();
        patch.putObject("data").putNull(keyId);
        kube.mergePatch(PATH, patch);
    }
}
