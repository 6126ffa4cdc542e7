package io.paas.controllers.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.paas.api.meta.Names;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.metrics.Metrics;
import io.paas.test.support.KubeApiServer;
import io.paas.test.support.KubeApiServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KubeApiServerExtension.class)
final class ConfigMapKeyPublisherIT {

    private final KubeClient kube;

    ConfigMapKeyPublisherIT(KubeApiServer server) {
        kube =
                KubeClient.withToken(
                        server.url(), server.adminToken(), server.ca(), "it", new Metrics());
        server.kubectl("create", "namespace", Names.SYSTEM_NAMESPACE);
    }

    @Test
    void dropsKeysThatNobodyHasAnyMore() {
        kube.of(BuiltIn.PODS)
                .create(
                        Names.SYSTEM_NAMESPACE,
                        json(
                                """
                                {"metadata": {"name": "apiserver-1"},
                                 "spec": {"containers": [{"name": "c", "image": "i"}]}}"""));
        kube.of(BuiltIn.CONFIG_MAPS)
                .create(
                        Names.SYSTEM_NAMESPACE,
                        json(
                                """
                                {"metadata": {"name": "process-token-keys"},
                                 "data": {"controllers-0.00000000": "ours before a restart",
                                          "apiserver-1.00000000": "of a Pod that lives",
                                          "apiserver-0.00000000": "of a Pod that was killed"}}"""));

        new ConfigMapKeyPublisher(kube).publish("controllers-0.11111111", "new", "controllers-0.");

        ObjectKey keys = new ObjectKey(Names.SYSTEM_NAMESPACE, Names.TOKEN_KEYS);
        assertThat(kube.of(BuiltIn.CONFIG_MAPS).get(keys).getData())
                .containsOnlyKeys("apiserver-1.00000000", "controllers-0.11111111");
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }
}
