package io.paas.kube.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubernetes.client.openapi.models.EventsV1Event;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.metrics.Metrics;
import io.paas.test.support.KubeApiServer;
import io.paas.test.support.KubeApiServerExtension;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KubeApiServerExtension.class)
class KubeEventRecorderIT {

    private final KubeClient kube;

    KubeEventRecorderIT(KubeApiServer server) {
        kube =
                KubeClient.withToken(
                        server.url(), server.adminToken(), server.ca(), "it", new Metrics());
    }

    @Test
    void saysTheSameThingAsOneSeriesAndStopsAtTheBurst() {
        V1ConfigMap about =
                kube.of(BuiltIn.CONFIG_MAPS)
                        .create(
                                new V1ConfigMap()
                                        .metadata(
                                                new V1ObjectMeta()
                                                        .namespace("default")
                                                        .generateName("events-"))
                                        .data(Map.of()));
        ResourceClient<EventsV1Event> events = kube.of(BuiltIn.EVENTS);
        try (KubeEventRecorder recorder =
                new KubeEventRecorder(events, "paas.io/test", "it", Clock.systemUTC())) {
            for (int i = 0; i < 30; i++) {
                recorder.normal(about, "Do", "Done", "the same");
            }

            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(
                            () -> {
                                List<EventsV1Event> written = about(events, about);
                                assertThat(written).hasSize(1);
                                assertThat(written.getFirst().getSeries().getCount()).isEqualTo(25);
                            });
        }
    }

    private static List<EventsV1Event> about(
            ResourceClient<EventsV1Event> events, V1ConfigMap about) {
        return events.list(ListQuery.inNamespace("default")).stream()
                .filter(e -> about.getMetadata().getUid().equals(e.getRegarding().getUid()))
                .toList();
    }
}
