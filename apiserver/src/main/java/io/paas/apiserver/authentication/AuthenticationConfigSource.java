package io.paas.apiserver.authentication;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.apiserver.client.KubeApi;
import io.paas.apiserver.client.KubeFailure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the current [AuthenticationConfig]. Some clusters rotate the front proxy's CA daily, so it
/// is read again every few seconds, and at once when a caller's certificate is unknown.
///
/// A deleted or malformed ConfigMap leaves the last good one in force.
public final class AuthenticationConfigSource {

    private static final Logger LOG = LoggerFactory.getLogger(AuthenticationConfigSource.class);
    private static final String PATH =
            "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication";

    /// Bounds what a stranger with a random certificate can make us ask of kube-apiserver.
    private static final Duration REREAD_PAUSE = Duration.ofSeconds(1);

    private final KubeApi kube;
    private final InstantSource clock;
    private final AtomicReference<@Nullable AuthenticationConfig> current = new AtomicReference<>();
    private long lastReadMillis = Long.MIN_VALUE / 2;
    private String lastVersion = "";

    public AuthenticationConfigSource(KubeApi kube, InstantSource clock) {
        this.kube = kube;
        this.clock = clock;
    }

    /// Empty until it was read once.
    public Optional<AuthenticationConfig> current() {
        return Optional.ofNullable(current.get());
    }

    /// Whether a front proxy can be recognised; until then the server is not ready.
    public boolean isLoaded() {
        return current().filter(AuthenticationConfig::trustsAProxy).isPresent();
    }

    /// Reads again unless that was done within the last second; returns whether anything changed.
    public synchronized boolean rereadSoon() {
        return clock.millis() - lastReadMillis >= REREAD_PAUSE.toMillis() && reread();
    }

    /// Reads again; returns whether anything changed.
    public synchronized boolean reread() {
        lastReadMillis = clock.millis();
        try {
            JsonNode configMap = kube.get(PATH);
            String version = configMap.path("metadata").path("resourceVersion").asText();
            if (version.equals(lastVersion) && current.get() != null) {
                return false;
            }
            AuthenticationConfig read = AuthenticationConfig.parse(configMap.path("data"));
            if (!read.trustsAProxy()) {
                LOG.warn("no front proxy is configured in {}", PATH);
                if (isLoaded()) {
                    return false;
                }
            }
            lastVersion = version;
            boolean changed = !read.equals(current.getAndSet(read));
            if (changed) {
                LOG.info(
                        "authentication configuration read proxyCas={} clientCas={} names={}",
                        read.proxyCa().size(),
                        read.clientCa().size(),
                        read.allowedNames());
            }
            return changed;
        } catch (KubeFailure | IllegalArgumentException e) {
            LOG.warn(
                    "authentication configuration not read, the last one stays: {}",
                    e.getMessage());
            return false;
        }
    }
}
