package io.paas.kube.json;

import com.google.gson.JsonObject;

/// Turns the JSON of one object into a value and back. Unknown fields are ignored on reading.
///
/// Called from many threads at once.
public interface Codec<T> {

    T read(JsonObject json);

    JsonObject write(T value);
}
