package io.paas.kube.json;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.paas.api.json.Json;

/// The codec of the platform's own records.
public record JacksonCodec<T>(Class<T> type) implements Codec<T> {

    @Override
    public T read(JsonObject json) {
        return Json.read(json.toString(), type);
    }

    @Override
    public JsonObject write(T value) {
        return JsonParser.parseString(Json.write(value)).getAsJsonObject();
    }
}
