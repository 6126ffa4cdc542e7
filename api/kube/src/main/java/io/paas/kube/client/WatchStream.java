package io.paas.kube.client;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.kubernetes.client.common.KubernetesObject;
import java.io.IOException;
import java.net.SocketTimeoutException;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/// An open watch. Read and closed by one thread; [#cancel()] may come from any.
public final class WatchStream<T extends KubernetesObject> implements AutoCloseable {

    private final ApiResource<T> resource;
    private final okhttp3.Call call;
    private final Response response;
    private final BufferedSource lines;

    WatchStream(ApiResource<T> resource, okhttp3.Call call, Response response) {
        this.resource = resource;
        this.call = call;
        this.response = response;
        this.lines = response.body().source();
    }

    /// Waits for the next event; null when the server has ended the watch, or has been silent for
    /// so long that nobody knows whether the watch still works. Both times open another.
    public @Nullable WatchEvent<T> next() {
        try {
            String line = lines.readUtf8Line();
            return line == null ? null : read(line);
        } catch (SocketTimeoutException _) {
            return null;
        } catch (IOException e) {
            throw ApiFailure.of(e);
        }
    }

    private WatchEvent<T> read(String line) {
        JsonObject event = JsonParser.parseString(line).getAsJsonObject();
        JsonObject object = event.getAsJsonObject("object");
        return switch (event.get("type").getAsString()) {
            case "ADDED", "MODIFIED" ->
                    new WatchEvent.Upsert<>(ResourceClient.read(resource, object));
            case "DELETED" -> new WatchEvent.Deleted<>(ResourceClient.read(resource, object));
            case "BOOKMARK" -> new WatchEvent.Bookmark<>(version(object));
            default -> throw failure(object);
        };
    }

    private static String version(JsonObject object) {
        return object.getAsJsonObject("metadata").get("resourceVersion").getAsString();
    }

    private static ApiFailure failure(JsonObject status) {
        int code = status.has("code") ? status.get("code").getAsInt() : 500;
        return ApiFailure.of(code, status.toString(), null);
    }

    /// Makes a reader that waits fail at once.
    public void cancel() {
        call.cancel();
    }

    @Override
    public void close() {
        call.cancel();
        response.close();
    }
}
