package io.paas.controllers.operation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.Operation;
import io.paas.controllers.operation.OperationSnapshot.ClusterState;
import io.paas.controllers.runtime.Informers;
import io.paas.kube.client.ApiResource;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.metrics.Metrics;
import io.paas.test.support.KubeApiServer;
import io.paas.test.support.KubeApiServerExtension;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Caches that lag: they are never filled here.
@ExtendWith(KubeApiServerExtension.class)
final class OperationObserverIT {

    private final KubeApiServer server;
    private final KubeClient kube;
    private final OperationObserver observer;

    OperationObserverIT(KubeApiServer server) {
        this.server = server;
        kube =
                KubeClient.withToken(
                        server.url(), server.adminToken(), server.ca(), "it", new Metrics());
        Informers empty = new Informers(kube);
        observer =
                new OperationObserver(
                        empty.of(ApiResource.own(Kind.MIDDLEWARE_CLUSTER), ListQuery.ALL),
                        kube.of(Kind.MIDDLEWARE_CLUSTER),
                        empty.of(ApiResource.own(Kind.EXPODSET), ListQuery.ALL),
                        empty.of(BuiltIn.PODS, ListQuery.ALL),
                        new StepCalls(call -> new StepOutcome.Waiting(""), InstantSource.system()),
                        InstantSource.system());
    }

    @Test
    void asksTheServerBeforeItSaysThatAClusterIsNotThere() {
        server.kubectl("apply", "-f", Path.of("../apiservice-manifests/crds").toString());
        server.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
        server.kubectl("create", "namespace", "lag");
        Operation operation =
                kube.of(Kind.OPERATION)
                        .create("lag", json("{\"type\": \"Restart\", \"cluster\": \"demo\"}"));
        assertThat(observer.observe(operation, null).cluster()).isEqualTo(ClusterState.ABSENT);

        ResourceClient<MiddlewareCluster> clusters = kube.of(Kind.MIDDLEWARE_CLUSTER);
        clusters.create(
                "lag",
                json(
                        "{\"type\": \"any\", \"extensionVersion\": \"1.0.0\", \"version\": \"1\","
                                + " \"topology\": \"cluster\"}"));

        assertThat(observer.observe(operation, null).cluster()).isEqualTo(ClusterState.PRESENT);
    }

    private static JsonObject json(String spec) {
        return JsonParser.parseString(
                        "{\"metadata\": {\"name\": \"demo\"}, \"spec\": " + spec + "}")
                .getAsJsonObject();
    }
}
