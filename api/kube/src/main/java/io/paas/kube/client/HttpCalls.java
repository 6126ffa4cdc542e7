package io.paas.kube.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.Pair;
import io.prometheus.client.Counter;

import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The edge: HTTP on one side, JSON or [ApiFailure] on the other.
final class HttpCalls {

    private static final String[] AUTHENTICATIONS = {"BearerToken"};

    private final ApiClient client;
    private final OkHttpClient http;
    private final Counter requests;

    HttpCalls(ApiClient client, Counter requests) {
        this(client, client.getHttpClient(), requests);
    }

    private HttpCalls(ApiClient client, OkHttpClient http, Counter requests) {
        this.client = client;
        this.http = http;
        this.requests = requests;
    }

    /// The same with connections of its own, behind a fence.
    HttpCalls fencedBy(WriteFence fence) {
        OkHttpClient fenced =
                http.newBuilder()
                        .connectionPool(new ConnectionPool())
                        .socketFactory(new FencedSockets(fence))
                        .addNetworkInterceptor(new FencedWrites(fence))
                        .build();
        return new HttpCalls(client, fenced, requests);
    }

    JsonObject json(
            String method,
            String path,
            Map<String, String> query,
            @Nullable String contentType,
            @Nullable JsonElement body) {
        try (Response response = call(method, path, query, contentType, body).execute()) {
            String text = response.body().string();
            count(method, response.code());
            if (!response.isSuccessful()) {
                throw ApiFailure.of(response.code(), text, retryAfter(response));
            }
            return JsonParser.parseString(text).getAsJsonObject();
        } catch (IOException e) {
            count(method, 0);
            throw ApiFailure.of(e);
        } catch (JsonSyntaxException e) {
            throw ApiFailure.of(new IOException("the answer is not JSON", e));
        }
    }

    /// The opened response; the caller closes it.
    Response open(Call call) {
        try {
            Response response = call.execute();
            count("WATCH", response.code());
            if (response.isSuccessful()) {
                return response;
            }
            try (response) {
                String text = response.body().string();
                throw ApiFailure.of(response.code(), text, retryAfter(response));
            }
        } catch (IOException e) {
            count("WATCH", 0);
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
            return http.newCall(built.request());
        } catch (ApiException e) {
            throw ApiFailure.of(e);
        }
    }

    private void count(String method, int code) {
        requests.labels(method, code == 0 ? "<error>" : Integer.toString(code)).inc();
    }

    private static @Nullable Duration retryAfter(Response response) {
        String header = response.header("Retry-After");
        if (header == null || !header.chars().allMatch(Character::isDigit) || header.isEmpty()) {
            return null;
        }
        return Duration.ofSeconds(Long.parseLong(header));
    }
}
