package io.paas.kube.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.kubernetes.client.common.KubernetesObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads and writes the objects of one kind. Every method throws [ApiFailure]; none retries.
///
/// There is no `replace`: a PUT of an object whose unknown fields were dropped on reading would
/// delete them on the server.
public final class ResourceClient<T extends KubernetesObject> {

    private static final String JSON = "application/json";

    // Larger pages save calls, smaller ones memory on both sides; client-go's reflector uses 500.
    private static final int PAGE_SIZE = 500;

    private final ApiResource<T> resource;
    private final HttpCalls calls;
    private final HttpCalls watches;
    private final String fieldManager;

    ResourceClient(
            ApiResource<T> resource, HttpCalls calls, HttpCalls watches, String fieldManager) {
        this.resource = resource;
        this.calls = calls;
        this.watches = watches;
        this.fieldManager = fieldManager;
    }

    public ApiResource<T> resource() {
        return resource;
    }

    public T get(ObjectKey key) {
        return read(calls.json("GET", path(key), Map.of(), null, null));
    }

    /// Empty when the object is not there.
    public Optional<T> find(ObjectKey key) {
        try {
            return Optional.of(get(key));
        } catch (ApiFailure.NotFound _) {
            return Optional.empty();
        }
    }

    /// Everything that matches, from the quorum (not from a possibly stale cache).
    public List<T> list(ListQuery query) {
        List<T> all = new ArrayList<>();
        Page<T> page = list(query, null);
        all.addAll(page.items());
        while (page.next() != null) {
            page = list(query, page.next());
            all.addAll(page.items());
        }
        return all;
    }

    /// One page.
    ///
    /// @param next null for the first page, else the previous page's token
    public Page<T> list(ListQuery query, @Nullable String next) {
        Map<String, String> parameters = parameters(query);
        parameters.put("limit", Integer.toString(PAGE_SIZE));
        if (next != null) {
            parameters.put("continue", next);
        }
        String path = resource.path(query.namespace(), null, null);
        JsonObject answer = calls.json("GET", path, parameters, null, null);
        JsonObject metadata = answer.getAsJsonObject("metadata");
        List<T> items = new ArrayList<>();
        for (JsonElement item : answer.getAsJsonArray("items")) {
            items.add(read(item.getAsJsonObject()));
        }
        return new Page<>(
                items,
                text(metadata, "resourceVersion") == null
                        ? ""
                        : metadata.get("resourceVersion").getAsString(),
                text(metadata, "continue"));
    }

    /// Opens a watch with bookmarks that the server ends after the given time.
    public WatchStream<T> watch(ListQuery query, String resourceVersion, int timeoutSeconds) {
        Map<String, String> parameters = parameters(query);
        parameters.put("watch", "true");
        parameters.put("allowWatchBookmarks", "true");
        parameters.put("resourceVersion", resourceVersion);
        parameters.put("timeoutSeconds", Integer.toString(timeoutSeconds));
        String path = resource.path(query.namespace(), null, null);
        okhttp3.Call call = watches.call("GET", path, parameters, null, null);
        return new WatchStream<>(resource, call, watches.open(call));
    }

    public T create(T object) {
        // Not by ObjectKey: a name that the server shall generate is not there yet.
        String namespace = object.getMetadata().getNamespace();
        return create(namespace == null ? "" : namespace, resource.codec().write(object));
    }

    public T create(String namespace, JsonObject object) {
        return read(
                calls.json(
                        "POST",
                        resource.path(namespace, null, null),
                        manager(),
                        JSON,
                        typed(object)));
    }

    /// Server-side apply of all the fields this field manager owns.
    public T apply(T object) {
        return patch(ObjectKey.of(object), new Patch.Apply(typed(resource.codec().write(object))));
    }

    public T patch(ObjectKey key, Patch patch) {
        return patch(key, null, patch);
    }

    public T patchStatus(ObjectKey key, Patch patch) {
        return patch(key, "status", patch);
    }

    /// Changes an object by one of its subresources, such as `resize` of Pods.
    public T patchSubresource(ObjectKey key, String subresource, Patch patch) {
        return patch(key, subresource, patch);
    }

    private T patch(ObjectKey key, @Nullable String subresource, Patch patch) {
        Map<String, String> query = new HashMap<>(manager());
        if (patch instanceof Patch.Apply) {
            query.put("force", "true");
        }
        String path = resource.path(key.namespace(), key.name(), subresource);
        return read(calls.json("PATCH", path, query, patch.contentType(), patch.body()));
    }

    /// The object as it is while it terminates; empty when it went at once or was already gone.
    public Optional<T> delete(ObjectKey key, DeleteOptions options) {
        try {
            JsonObject answer = calls.json("DELETE", path(key), Map.of(), JSON, options.body());
            return resource.kind().equals(text(answer, "kind"))
                    ? Optional.of(read(answer))
                    : Optional.empty();
        } catch (ApiFailure.NotFound _) {
            return Optional.empty();
        }
    }

    private T read(JsonObject json) {
        return read(resource, json);
    }

    /// Items of a built-in list carry no apiVersion and kind; managedFields are half of every
    /// object and nobody here reads them.
    static <T extends KubernetesObject> T read(ApiResource<T> resource, JsonObject json) {
        typed(resource, json);
        if (json.get("metadata") instanceof JsonObject metadata) {
            metadata.remove("managedFields");
        }
        return resource.codec().read(json);
    }

    private JsonObject typed(JsonObject json) {
        return typed(resource, json);
    }

    private static JsonObject typed(ApiResource<?> resource, JsonObject json) {
        json.addProperty("apiVersion", resource.apiVersion());
        json.addProperty("kind", resource.kind());
        return json;
    }

    private String path(ObjectKey key) {
        return resource.path(key.namespace(), key.name(), null);
    }

    private Map<String, String> manager() {
        return Map.of("fieldManager", fieldManager);
    }

    private static Map<String, String> parameters(ListQuery query) {
        Map<String, String> parameters = new HashMap<>();
        if (query.labelSelector() != null) {
            parameters.put("labelSelector", query.labelSelector());
        }
        if (query.fieldSelector() != null) {
            parameters.put("fieldSelector", query.fieldSelector());
        }
        return parameters;
    }

    private static @Nullable String text(JsonObject json, String name) {
        JsonElement value = json.get(name);
        return value == null || value.getAsString().isEmpty() ? null : value.getAsString();
    }
}
