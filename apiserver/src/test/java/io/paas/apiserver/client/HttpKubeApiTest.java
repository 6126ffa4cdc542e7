package io.paas.apiserver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.kubernetes.client.util.ClientBuilder;
import io.paas.apiserver.request.Failure;
import io.paas.apiserver.request.Trees;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpKubeApiTest {

    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer silent;
    private KubeApi kube;

    @BeforeEach
    void start() throws IOException {
        silent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        silent.createContext(
                "/",
                exchange -> {
                    try {
                        over.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    exchange.close();
                });
        silent.start();
        kube =
                new HttpKubeApi(
                        new ClientBuilder()
                                .setBasePath("http://127.0.0.1:" + silent.getAddress().getPort())
                                .build(),
                        Duration.ofMillis(200));
    }

    @AfterEach
    void stop() {
        over.countDown();
        silent.stop(0);
    }

    private static Failure told(Runnable call) {
        return catchThrowableOfType(KubeFailure.class, call::run).toFailure("cannot");
    }

    @Test
    void doesNotKnowWhetherAWriteWithoutAnAnswerWasDone() {
        // when
        Failure create = told(() -> kube.create("/x", Trees.object()));
        Failure patch = told(() -> kube.mergePatch("/x", Trees.object()));
        Failure read = told(() -> kube.get("/x"));

        // then
        assertThat(create.code()).isEqualTo(504);
        assertThat(patch.code()).isEqualTo(504);
        assertThat(read.code()).isEqualTo(503);
    }

    @Test
    void knowsThatNothingWasDoneWhereNobodyListens() {
        // given
        over.countDown();
        silent.stop(0);

        // when
        Failure create = told(() -> kube.create("/x", Trees.object()));

        // then
        assertThat(create.code()).isEqualTo(503);
        assertThat(create).hasMessageContaining("nothing was done");
    }
}
