package io.paas.wire;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.ToNumberPolicy;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The only door between wire records and JSON text. Reading ignores unknown fields, so that an
/// older agent understands a newer platform; what is known must be well-formed, and a record's own
/// checks speak through [JsonException].
public final class Json {
    private static final Gson GSON =
            new GsonBuilder()
                    .disableHtmlEscaping()
                    .setStrictness(Strictness.STRICT)
                    .setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE)
                    .registerTypeAdapter(Instant.class, new InstantAdapter().nullSafe())
                    .create();

    private Json() {}

    public static String write(Object value) {
        return GSON.toJson(value);
    }

    public static byte[] writeBytes(Object value) {
        return write(value).getBytes(StandardCharsets.UTF_8);
    }

    public static JsonElement tree(Object value) {
        return GSON.toJsonTree(value);
    }

    public static <T> T read(byte[] utf8, Class<T> type) {
        return read(new String(utf8, StandardCharsets.UTF_8), type);
    }

    /// Reads one value.
    ///
    /// @throws JsonException if the text is empty, no JSON, of another shape, or refused by the
    ///   record
    public static <T> T read(String text, Class<T> type) {
        return present(guarded(type, () -> GSON.fromJson(text, type)), type);
    }

    /// Reads a part of a document that was parsed before.
    ///
    /// @throws JsonException as [#read(String, Class)]
    public static <T> T read(JsonElement tree, Class<T> type) {
        return present(guarded(type, () -> GSON.fromJson(tree, type)), type);
    }

    private static <T> T present(@Nullable T value, Class<T> type) {
        if (value == null) {
            throw new JsonException("no " + type.getSimpleName() + ": the body is empty", null);
        }
        return value;
    }

    private static <T> @Nullable T guarded(Class<T> type, Reading<T> reading) {
        try {
            return reading.read();
        } catch (JsonParseException | NumberFormatException e) {
            throw new JsonException("not a " + type.getSimpleName() + ": " + deepestMessage(e), e);
        } catch (RuntimeException e) {
            // Gson wraps what a record's constructor throws.
            throw new JsonException(deepestMessage(e), e);
        }
    }

    private static String deepestMessage(Throwable thrown) {
        Throwable deepest = thrown;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String message = deepest.getMessage();
        return message == null ? deepest.getClass().getSimpleName() : message;
    }

    private interface Reading<T> {
        @Nullable T read();
    }

    /// RFC 3339 in UTC, as Kubernetes writes times.
    private static final class InstantAdapter extends TypeAdapter<Instant> {
        @Override
        public void write(JsonWriter out, Instant value) throws IOException {
            out.value(value.toString());
        }

        @Override
        public Instant read(JsonReader in) throws IOException {
            String text = in.nextString();
            try {
                return Instant.parse(text);
            } catch (DateTimeException e) {
                throw new JsonParseException("'" + text + "' is no RFC 3339 time", e);
            }
        }
    }
}
