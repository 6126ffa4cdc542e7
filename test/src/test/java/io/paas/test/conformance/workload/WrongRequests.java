package io.paas.test.conformance.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;

/// What a controller with a mistake sends.
final class WrongRequests {

    private WrongRequests() {}

    /// Sends one request, or something else.
    interface Sender {
        Response send(Interceptor.Chain chain) throws IOException;
    }

    private static boolean writesStatus(Request request) {
        return request.method().equals("PATCH")
                && request.url().encodedPath().contains("/expodsets/")
                && request.url().encodedPath().endsWith("/status");
    }

    static Response readInsteadOfStatus(Interceptor.Chain chain) throws IOException {
        Request request = chain.request();
        if (!writesStatus(request)) {
            return chain.proceed(request);
        }
        String url = request.url().toString();
        return chain.proceed(
                request.newBuilder().url(url.substring(0, url.indexOf("/status"))).get().build());
    }

    static Sender status(Consumer<ObjectNode> mistake) {
        return chain -> {
            Request request = chain.request();
            if (!writesStatus(request)) {
                return chain.proceed(request);
            }
            ObjectNode body = body(request);
            mistake.accept((ObjectNode) body.path("status"));
            MediaType type = request.body().contentType();
            return chain.proceed(
                    request.newBuilder().patch(RequestBody.create(body.toString(), type)).build());
        };
    }

    /// Patches of metadata that it does not send: it reads instead, as if they had been answered.
    static Sender withoutPatch(String collection, Predicate<JsonNode> left) {
        return chain -> {
            Request request = chain.request();
            String path = request.url().encodedPath();
            if (!request.method().equals("PATCH")
                    || !path.contains(collection)
                    || path.endsWith("/status")
                    || !left.test(body(request).path("metadata"))) {
                return chain.proceed(request);
            }
            return chain.proceed(request.newBuilder().get().build());
        };
    }

    static JsonNode mark(JsonNode metadata) {
        return metadata.path("annotations").path("middleware.paas.io/decommissioned");
    }

    private static ObjectNode body(Request request) throws IOException {
        Buffer buffer = new Buffer();
        Objects.requireNonNull(request.body()).writeTo(buffer);
        return KubeApi.parse(buffer.readUtf8());
    }

    static Response withClaim(Interceptor.Chain chain) throws IOException {
        Request request = chain.request();
        String url = request.url().toString();
        if (request.method().equals("DELETE") && url.contains("/pods/")) {
            String claim = url.replace("/pods/", "/persistentvolumeclaims/data-");
            chain.proceed(request.newBuilder().url(claim).delete().build()).close();
        }
        return chain.proceed(request);
    }
}
