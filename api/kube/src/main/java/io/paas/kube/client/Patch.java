package io.paas.kube.client;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import org.jspecify.annotations.Nullable;

/// A change to one object, in one of the forms kube-apiserver takes.
public sealed interface Patch {

    String contentType();

    JsonElement body();

    /// RFC 7386. A null member removes; lists are replaced as a whole.
    record Merge(JsonObject body) implements Patch {
        @Override
        public String contentType() {
            return "application/merge-patch+json";
        }
    }

    /// Lists are merged by the key that the API declares for them, as containers by their name.
    /// Built-in kinds only.
    record StrategicMerge(JsonObject body) implements Patch {
        @Override
        public String contentType() {
            return "application/strategic-merge-patch+json";
        }
    }

    /// RFC 6902; `test` makes it conditional. Build it with [#jsonPatch()].
    record Operations(JsonArray body) implements Patch {
        @Override
        public String contentType() {
            return "application/json-patch+json";
        }

        public Operations test(String path, JsonElement value) {
            return with("test", path, value);
        }

        public Operations test(String path, String value) {
            return test(path, new JsonPrimitive(value));
        }

        public Operations add(String path, JsonElement value) {
            return with("add", path, value);
        }

        public Operations replace(String path, JsonElement value) {
            return with("replace", path, value);
        }

        public Operations remove(String path) {
            return with("remove", path, null);
        }

        private Operations with(String op, String path, @Nullable JsonElement value) {
            JsonObject operation = new JsonObject();
            operation.addProperty("op", op);
            operation.addProperty("path", path);
            if (value != null) {
                operation.add("value", value);
            }
            JsonArray longer = body.deepCopy();
            longer.add(operation);
            return new Operations(longer);
        }
    }

    /// Server-side apply: the body is all the fields we own. Forced, because a controller's word
    /// about its own fields is final.
    record Apply(JsonObject body) implements Patch {
        @Override
        public String contentType() {
            return "application/apply-patch+yaml";
        }
    }

    static Operations jsonPatch() {
        return new Operations(new JsonArray());
    }

    /// One segment of a JSON pointer, as a label key with a slash (RFC 6901 section 3).
    static String escape(String segment) {
        return segment.replace("~", "~0").replace("/", "~1");
    }
}
