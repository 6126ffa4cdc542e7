package io.paas.apiserver;

import io.paas.agent.AgentClient;
import io.paas.apiserver.client.ConfigMapKeyPublisher;
import io.paas.apiserver.client.HttpKubeApi;
import io.paas.apiserver.client.KubeApi;
import io.paas.apiserver.client.KubeFailure;
import io.paas.apiserver.registry.Subresources;
import io.paas.kube.client.KubeClient;
import io.paas.kube.metrics.Metrics;
import io.paas.token.ProcessTokenMinter;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts the API server. All parts are made here.
public final class ApiServerMain {

    private static final Logger LOG = LoggerFactory.getLogger(ApiServerMain.class);

    /// Below kube-apiserver's own patience with us (its discovery gives up after 5 s), above what
    /// it needs for a review when it is busy.
    private static final Duration KUBE_CALL = Duration.ofSeconds(10);

    private static final Duration PUBLISH_AGAIN = Duration.ofSeconds(2);

    private ApiServerMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        ServerConfig config = ServerConfig.from(System.getenv());
        CollectorRegistry registry = CollectorRegistry.defaultRegistry;
        KubeClient client =
                KubeClient.fromEnvironment("middleware-apiserver", new Metrics(registry));
        KubeApi kube = new HttpKubeApi(client.apiClient(), KUBE_CALL);
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        ProcessTokenMinter tokens = minter(config, kube);
        AgentClient agents = new AgentClient(tokens);
        ApiServer server =
                new ApiServer(config, kube, Subresources.all(kube, agents), registry, vertx);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("drain")
                                .unstarted(() -> drain(server, tokens, stopped)));
        server.start();
        stopped.await();
    }

    /// Without its key published no agent believes this server, so it does not serve before.
    private static ProcessTokenMinter minter(ServerConfig config, KubeApi kube)
            throws InterruptedException {
        while (true) {
            try {
                return ProcessTokenMinter.start(
                        config.podName(), new ConfigMapKeyPublisher(kube), InstantSource.system());
            } catch (KubeFailure e) {
                LOG.warn("token key not published, trying again: {}", e.getMessage());
                Thread.sleep(PUBLISH_AGAIN);
            }
        }
    }

    private static void drain(ApiServer server, ProcessTokenMinter tokens, CountDownLatch stopped) {
        try {
            server.stop();
            tokens.close();
        } catch (KubeFailure e) {
            LOG.warn("token key not withdrawn: {}", e.getMessage());
        } catch (IOException e) {
            LOG.warn("not drained in time: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stopped.countDown();
        }
    }
}
