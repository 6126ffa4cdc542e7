package io.paas.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.apiserver.authentication.AuthenticationConfigSource;
import io.paas.apiserver.authentication.Authenticator;
import io.paas.apiserver.authentication.TokenReviews;
import io.paas.apiserver.authorization.Authorizer;
import io.paas.apiserver.client.FakeKube;
import io.paas.apiserver.client.ShortMemory;
import io.paas.apiserver.health.Health;
import io.paas.apiserver.metrics.ServerMetrics;
import io.paas.apiserver.request.ApiRequest;
import io.paas.apiserver.request.ApiResponse;
import io.paas.apiserver.request.Headers;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

class RequestPipelineTest {

    private final FakeKube kube = new FakeKube();
    private final CollectorRegistry registry = new CollectorRegistry();
    private final RequestPipeline pipeline =
            new RequestPipeline(
                    new Health(Map.of()),
                    new Authenticator(
                            new AuthenticationConfigSource(kube, InstantSource.system()),
                            new TokenReviews(kube, new ShortMemory<>(Duration.ofSeconds(10), 10)),
                            InstantSource.system()),
                    new Authorizer(kube, new ShortMemory<>(Duration.ofSeconds(10), 10)),
                    List.of(),
                    new ServerMetrics(registry),
                    "0.1.0");

    private ApiResponse send(String method, String path) {
        return pipeline.apply(
                new ApiRequest(method, path, Map.of(), Headers.NONE, () -> new byte[0], List.of()));
    }

    @Test
    void takesTrailingSlashesForNothing() {
        assertThat(send("GET", "/livez//").code()).isEqualTo(200);
        assertThat(send("GET", "//").code()).as("no right to the root").isEqualTo(403);
    }

    @Test
    @Timeout(value = 10, threadMode = ThreadMode.SEPARATE_THREAD)
    void looksAtALongPathOnce() {
        assertThat(send("GET", "/".repeat(1_000_000) + "x").code()).isEqualTo(403);
    }

    @Test
    void countsInventedMethodsAsOne() {
        // when
        send("GET", "/livez");
        send("BREW", "/livez");
        send("WHEN", "/nowhere");

        // then
        assertThat(Collections.list(registry.metricFamilySamples()))
                .flatExtracting(family -> family.samples)
                .filteredOn(sample -> sample.name.equals("apiserver_request_total"))
                .extracting(sample -> sample.labelValues.getFirst())
                .containsOnly("GET", "other");
    }
}
