package io.paas.test.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.auth.ApiKeyAuth;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

/// The same API without kubectl's start-up time, for what is measured or watched.
final class Rest {

    private final OkHttpClient http;
    private final String server;

    /// An answer; code 0 means that there was none.
    record Reply(int code, JsonNode body) {}

    private Rest(OkHttpClient http, String server) {
        this.http = http;
        this.server = server;
    }

    static Rest as(Path kubeconfig) {
        try (var reader = Files.newBufferedReader(kubeconfig)) {
            var client = ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(reader)).build();
            return new Rest(
                    client.getHttpClient()
                            .newBuilder()
                            .addInterceptor(chain -> chain.proceed(signed(client, chain.request())))
                            .callTimeout(Duration.ofSeconds(50))
                            .readTimeout(Duration.ofSeconds(50))
                            .build(),
                    client.getBasePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A token is no part of client-java's HTTP client; a client certificate is.
    private static Request signed(ApiClient client, Request request) {
        if (client.getAuthentication("BearerToken") instanceof ApiKeyAuth auth
                && auth.getApiKey() != null) {
            return request.newBuilder()
                    .header("Authorization", auth.getApiKeyPrefix() + " " + auth.getApiKey())
                    .build();
        }
        return request;
    }

    /// A client that gives up on an answer after the given time.
    Rest patient(Duration limit) {
        var hasty = http.newBuilder().callTimeout(limit).readTimeout(limit).build();
        return new Rest(hasty, server);
    }

    Reply get(String path) {
        return call(new Request.Builder().url(server + path).build());
    }

    Reply post(String path, String body) {
        var json = RequestBody.create(body, MediaType.get("application/json"));
        return call(new Request.Builder().url(server + path).post(json).build());
    }

    /// The open stream of a watch; the caller closes it.
    okhttp3.Response watch(String path) throws IOException {
        var endless =
                http.newBuilder().callTimeout(Duration.ZERO).readTimeout(Duration.ZERO).build();
        return endless.newCall(new Request.Builder().url(server + path).build()).execute();
    }

    private Reply call(Request request) {
        try (var response = http.newCall(request).execute()) {
            var text = response.body().string();
            var json = text.startsWith("{") ? Kubectl.parse(text) : MissingNode.getInstance();
            return new Reply(response.code(), json);
        } catch (IOException e) {
            return new Reply(0, MissingNode.getInstance());
        }
    }
}
