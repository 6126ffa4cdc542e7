package io.paas.apiserver;

import io.paas.apiserver.authentication.AuthenticationConfigSource;
import io.paas.apiserver.authentication.Authenticator;
import io.paas.apiserver.authentication.TokenReviews;
import io.paas.apiserver.authorization.Authorizer;
import io.paas.apiserver.client.KubeApi;
import io.paas.apiserver.client.ShortMemory;
import io.paas.apiserver.health.Health;
import io.paas.apiserver.http.HttpListener;
import io.paas.apiserver.metrics.ServerMetrics;
import io.paas.apiserver.registry.Subresource;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server as a whole: parts put together, started and drained.
public final class ApiServer {

    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);

    /// How long an answer about a caller holds; k8s.io/apiserver's default for both reviews.
    private static final Duration REVIEWS_HOLD = Duration.ofSeconds(10);

    private static final int REVIEWS_KEPT = 8192;
    private static final long REREAD_SECONDS = 5;

    private final ServerConfig config;
    private final AuthenticationConfigSource authentication;
    private final Health health;
    private final HttpListener listener;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("reread").daemon().factory());

    /// Puts the parts together; nothing is started.
    ///
    /// @throws IOException when the serving certificate cannot be read
    public ApiServer(
            ServerConfig config,
            KubeApi kube,
            List<Subresource> subresources,
            CollectorRegistry registry,
            Vertx vertx)
            throws IOException {
        this.config = config;
        this.authentication = new AuthenticationConfigSource(kube, InstantSource.system());
        this.health = new Health(Map.of("authentication-config", authentication::isLoaded));
        ServerMetrics metrics = new ServerMetrics(registry);
        RequestPipeline pipeline =
                new RequestPipeline(
                        health,
                        new Authenticator(
                                authentication,
                                new TokenReviews(
                                        kube, new ShortMemory<>(REVIEWS_HOLD, REVIEWS_KEPT)),
                                InstantSource.system()),
                        new Authorizer(kube, new ShortMemory<>(REVIEWS_HOLD, REVIEWS_KEPT)),
                        subresources,
                        metrics,
                        config.version());
        this.listener =
                new HttpListener(
                        vertx,
                        pipeline,
                        config.certificate(),
                        config.key(),
                        metrics::servingCertificateExpires);
    }

    /// Begins to serve; returns the port. Not ready before kube-apiserver answered once.
    public int start() throws IOException {
        int port = listener.start(config.host(), config.port());
        ScheduledFuture<?> _ =
                clock.scheduleWithFixedDelay(this::reread, 0, REREAD_SECONDS, TimeUnit.SECONDS);
        LOG.info("serving host={} port={} version={}", config.host(), port, config.version());
        return port;
    }

    /// Drains and stops: not ready at once, still serving until nobody sends any more, then
    /// finishing what is under way.
    public void stop() throws IOException, InterruptedException {
        health.drain();
        LOG.info("draining delay={}", config.drainDelay());
        Thread.sleep(config.drainDelay());
        listener.stop(config.drainTimeout());
        clock.shutdownNow();
        LOG.info("stopped");
    }

    private void reread() {
        try {
            authentication.reread();
            listener.reloadCertificate();
        } catch (RuntimeException e) {
            // INVARIANT: never thrown on; a scheduled task that throws is not run again.
            LOG.error("re-reading failed", e);
        }
    }
}
