package io.paas.kube.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.Pair;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/// The edge: HTTP on one side, JSON or [ApiFailure] on the other.
final class HttpCalls {

    private static final String[] AUTHENTICATIONS = {"BearerToken"};

    private final ApiClient client;
    // Asked each time: the client is handed out, and may be given other connections.
    private final Supplier<OkHttpClient> http;
    private final RestMetrics metrics;
    private final @Nullable RateLimit limit;

    HttpCalls(ApiClient client, RestMetrics metrics) {
        this(client, client::getHttpClient, metrics, null);
    }

    private HttpCalls(
            ApiClient client,
            Supplier<OkHttpClient> http,
            RestMetrics metrics,
            @Nullable RateLimit limit) {
        this.client = client;
        this.http = http;
        this.metrics = metrics;
        this.limit = limit;
    }

    /// The same with connections of its own, behind a fence.
    HttpCalls fencedBy(WriteFence fence) {
        OkHttpClient fenced =
                http.get()
                        .newBuilder()
                        .connectionPool(new ConnectionPool())
                        .socketFactory(new FencedSockets(fence))
                        .addNetworkInterceptor(new FencedWrites(fence))
                        .build();
        return new HttpCalls(client, () -> fenced, metrics, limit);
    }

    /// The same, but each call waits for its turn first.
    HttpCalls limitedBy(RateLimit turns) {
        return new HttpCalls(client, http, metrics, turns);
    }

    JsonObject json(
            String method,
            String path,
            Map<String, String> query,
            @Nullable String contentType,
            @Nullable JsonElement body) {
        awaitTurn(method);
        try (Response response = call(method, path, query, contentType, body).execute()) {
            String text = response.body().string();
            metrics.answered(method, response.code());
            if (!response.isSuccessful()) {
                throw ApiFailure.of(response.code(), text, retryAfter(response));
            }
            return JsonParser.parseString(text).getAsJsonObject();
        } catch (IOException e) {
            metrics.unanswered(method);
            throw ApiFailure.of(e);
        } catch (JsonSyntaxException e) {
            throw ApiFailure.of(new IOException("the answer is not JSON", e));
        }
    }

    /// The opened response; the caller closes it.
    Response open(Call call) {
        try {
            Response response = call.execute();
            metrics.answered("WATCH", response.code());
            if (response.isSuccessful()) {
                return response;
            }
            try (response) {
                String text = response.body().string();
                throw ApiFailure.of(response.code(), text, retryAfter(response));
            }
        } catch (IOException e) {
            metrics.unanswered("WATCH");
            throw ApiFailure.of(e);
        }
    }

    Call call(
            String method,
            String path,
            Map<String, String> query,
            @Nullable String contentType,
            @Nullable JsonElement body) {
        List<Pair> pairs =
                query.entrySet().stream().map(e -> new Pair(e.getKey(), e.getValue())).toList();
        Map<String, String> headers = new HashMap<>(Map.of("Accept", "application/json"));
        if (contentType != null) {
            headers.put("Content-Type", contentType);
        }
        byte[] bytes = body == null ? null : body.toString().getBytes(StandardCharsets.UTF_8);
        try {
            Call built =
                    client.buildCall(
                            client.getBasePath(),
                            path,
                            method,
                            pairs,
                            List.of(),
                            bytes,
                            headers,
                            Map.of(),
                            Map.of(),
                            AUTHENTICATIONS,
                            null);
            return http.get().newCall(built.request());
        } catch (ApiException e) {
            throw ApiFailure.of(e);
        }
    }

    /// Before the call is made, so that waiting does not use up its timeout.
    private void awaitTurn(String method) {
        if (limit == null) {
            return;
        }
        Duration wait = limit.take();
        metrics.waited(method, wait);
        try {
            Thread.sleep(wait);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw ApiFailure.of(new InterruptedIOException("interrupted before it was sent"));
        }
    }

    private static @Nullable Duration retryAfter(Response response) {
        String header = response.header("Retry-After");
        if (header == null || !header.chars().allMatch(Character::isDigit) || header.isEmpty()) {
            return null;
        }
        return Duration.ofSeconds(Long.parseLong(header));
    }
}
