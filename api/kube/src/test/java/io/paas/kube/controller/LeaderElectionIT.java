package io.paas.kube.controller;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.metrics.Metrics;
import io.paas.test.support.KubeApiServer;
import io.paas.test.support.KubeApiServerExtension;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KubeApiServerExtension.class)
class LeaderElectionIT {

    private final KubeClient kube;

    LeaderElectionIT(KubeApiServer server) {
        kube =
                KubeClient.withToken(
                        server.url(), server.adminToken(), server.ca(), "it", new Metrics());
    }

    @Test
    void aLeaderThatResignsIsFollowedAtOnce() throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        CountDownLatch lost = new CountDownLatch(1);
        LeaderElection one = election("given-back", "one").start(first::countDown, lost::countDown);
        first.await();
        LeaderElection two =
                election("given-back", "two").start(second::countDown, lost::countDown);
        assertThat(two.isLeading()).isFalse();

        one.resign();

        // The standby's pause is longer: it was woken.
        assertThat(second.await(1_500, MILLISECONDS)).isTrue();
        assertThat(two.isLeading()).isTrue();
        assertThat(one.isLeading()).isFalse();
        assertThat(lost.getCount()).as("resigning is not losing").isEqualTo(1);
        two.resign();
    }

    @Test
    void writesPassOnlyWhileItLeads() throws InterruptedException {
        CountDownLatch leading = new CountDownLatch(1);
        LeaderElection election = election("fence", "one");
        ResourceClient<V1ConfigMap> configMaps =
                kube.fencedBy(election.fence()).of(BuiltIn.CONFIG_MAPS);
        assertThatThrownBy(() -> configMaps.create(configMap())).isInstanceOf(ApiFailure.class);

        election.start(leading::countDown, () -> {});
        assertThat(leading.await(20, SECONDS)).isTrue();
        configMaps.create(configMap());
        election.resign();

        assertThatThrownBy(() -> configMaps.create(configMap()))
                .isInstanceOf(ApiFailure.Fenced.class);
        assertThat(
                        kube.of(BuiltIn.CONFIG_MAPS)
                                .list(ListQuery.inNamespace("default").labelled("fence")))
                .hasSize(1);
    }

    @Test
    void aLeaderWhoseLeaseWasTakenIsTold() throws InterruptedException {
        CountDownLatch leading = new CountDownLatch(1);
        CountDownLatch lost = new CountDownLatch(1);
        LeaderElection election =
                election("taken", "one").start(leading::countDown, lost::countDown);
        leading.await();

        kube.of(BuiltIn.LEASES)
                .patch(
                        new ObjectKey("default", "taken"),
                        new Patch.Merge(
                                JsonParser.parseString("{\"spec\": {\"holderIdentity\": \"two\"}}")
                                        .getAsJsonObject()));

        assertThat(lost.await(20, SECONDS)).isTrue();
        election.resign();
    }

    private LeaderElection election(String lease, String identity) {
        return new LeaderElection(kube, "default", lease, identity, new Metrics());
    }

    private static V1ConfigMap configMap() {
        return new V1ConfigMap()
                .metadata(
                        new V1ObjectMeta()
                                .namespace("default")
                                .generateName("fence-")
                                .putLabelsItem("fence", ""));
    }
}
