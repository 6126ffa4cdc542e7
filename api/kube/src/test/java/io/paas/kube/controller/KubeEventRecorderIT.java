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
import java.util.concurrent.CountDownLatch;
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

    @Test
    void aLeaderGivesItsLeaseBackOnClose() throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        CountDownLatch lost = new CountDownLatch(1);
        LeaderElection one = election("one", first, lost);
        one.start();
        first.await();
        LeaderElection two = election("two", second, lost);
        two.start();

        one.close();

        await().atMost(Duration.ofSeconds(10)).until(() -> second.getCount() == 0);
        assertThat(lost.getCount()).as("closing is not losing").isEqualTo(1);
        two.close();
    }

    private LeaderElection election(String identity, CountDownLatch leading, CountDownLatch lost) {
        return new LeaderElection(
                kube.apiClient(),
                "default",
                "it",
                identity,
                new Metrics(),
                leading::countDown,
                lost::countDown);
    }

    private static List<EventsV1Event> about(
            ResourceClient<EventsV1Event> events, V1ConfigMap about) {
        return events.list(ListQuery.inNamespace("default")).stream()
                .filter(e -> about.getMetadata().getUid().equals(e.getRegarding().getUid()))
                .toList();
    }
}
