package io.paas.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.controllers.runtime.HealthCheck;
import io.paas.kube.metrics.Metrics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthServerTest {

    private List<HealthCheck> checks =
            List.of(new HealthCheck("informer/pods", null), new HealthCheck("informer/x", "why"));

    @Test
    void saysWhichInformerIsNotWellWhileItLives() throws Exception {
        try (HealthServer server = new HealthServer(0, () -> checks, new Metrics())) {
            HttpResponse<String> ready = get(server, "/readyz");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body())
                    .isEqualTo(
                            """
                            [+]informer/pods ok
                            [-]informer/x failed: why
                            readyz check failed
                            """);
            assertThat(get(server, "/livez").statusCode()).isEqualTo(200);

            checks = checks.subList(0, 1);

            assertThat(get(server, "/readyz").statusCode()).isEqualTo(200);
        }
    }

    private static HttpResponse<String> get(HealthServer server, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
