package io.paas.kube.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.paas.api.json.ModelGson;

/// The codec of client-java's model classes.
public record GsonCodec<T>(Class<T> type) implements Codec<T> {

    @Override
    public T read(JsonObject json) {
        return ModelGson.gson().fromJson(json, type);
    }

    /// Without empty lists: the models come with them, and applied they would claim those fields.
    /// Empty objects stay, because some mean something (`emptyDir: {}`).
    @Override
    public JsonObject write(T value) {
        JsonObject json = ModelGson.gson().toJsonTree(value).getAsJsonObject();
        dropEmptyLists(json);
        return json;
    }

    private static void dropEmptyLists(JsonElement element) {
        if (element instanceof JsonObject object) {
            object.entrySet().removeIf(e -> e.getValue() instanceof JsonArray a && a.isEmpty());
            object.entrySet().forEach(e -> dropEmptyLists(e.getValue()));
        } else if (element instanceof JsonArray array) {
            array.forEach(GsonCodec::dropEmptyLists);
        }
    }
}
