package io.paas.apiserver.health;

import io.paas.apiserver.request.ApiRequest;
import io.paas.apiserver.request.ApiResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/// Answers `/livez`, `/readyz` and `/healthz`. Live means that this code runs. Ready means that the
/// configuration was read once and no shutdown has begun; kube-apiserver being away later does not
/// make this server unready, because a withdrawn APIService would block namespace deletions.
public final class Health {

    private final Map<String, BooleanSupplier> checks = new LinkedHashMap<>();
    private final AtomicBoolean draining = new AtomicBoolean();

    /// Ready when all checks hold.
    ///
    /// @param checks by name, in the order in which they are shown
    public Health(Map<String, BooleanSupplier> checks) {
        this.checks.putAll(checks);
        this.checks.put("shutdown", () -> !draining.get());
    }

    /// From now on not ready.
    public void drain() {
        draining.set(true);
    }

    public boolean isDraining() {
        return draining.get();
    }

    public Optional<ApiResponse> at(ApiRequest request, String path) {
        return switch (path) {
            case "/livez" -> Optional.of(ApiResponse.text(200, "ok"));
            case "/readyz", "/healthz" -> Optional.of(readiness(request, path.substring(1)));
            default -> Optional.empty();
        };
    }

    private ApiResponse readiness(ApiRequest request, String name) {
        List<String> excluded = request.query().getOrDefault("exclude", List.of());
        StringBuilder listing = new StringBuilder();
        boolean ready = true;
        for (Map.Entry<String, BooleanSupplier> check : checks.entrySet()) {
            boolean good = excluded.contains(check.getKey()) || check.getValue().getAsBoolean();
            ready &= good;
            listing.append(good ? "[+]" : "[-]").append(check.getKey());
            listing.append(good ? " ok\n" : " failed\n");
        }
        if (!ready) {
            return ApiResponse.text(500, listing + name + " check failed\n");
        }
        return request.query().containsKey("verbose")
                ? ApiResponse.text(200, listing + name + " check passed\n")
                : ApiResponse.text(200, "ok");
    }
}
