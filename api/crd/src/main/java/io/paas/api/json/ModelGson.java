package io.paas.api.json;

import com.google.gson.Gson;
import io.kubernetes.client.openapi.JSON;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Date;
import java.util.Locale;

/// Gson for client-java's models that accepts unknown fields.
///
/// The stock instance registers a validating factory for each model, so that a field which a newer
/// API server adds makes every informer of that kind fail (kubernetes-client/java#3980). This one
/// keeps the scalar adapters and leaves the factories out. It loses unknown fields on the way:
/// built-in objects are patched or applied, never replaced.
public final class ModelGson {

    // meta/v1's MicroTime (Lease, Event) refuses anything but six digits.
    private static final DateTimeFormatter RFC3339_MICRO =
            new DateTimeFormatterBuilder()
                    .appendPattern("yyyy-MM-dd'T'HH:mm:ss")
                    .optionalStart()
                    .appendFraction(ChronoField.NANO_OF_SECOND, 6, 6, true)
                    .optionalEnd()
                    .appendOffsetId()
                    .toFormatter(Locale.ROOT);

    private static final Gson GSON =
            JSON.createGson()
                    .registerTypeAdapter(Date.class, new JSON.DateTypeAdapter())
                    .registerTypeAdapter(java.sql.Date.class, new JSON.SqlDateTypeAdapter())
                    .registerTypeAdapter(
                            OffsetDateTime.class, new JSON.OffsetDateTimeTypeAdapter(RFC3339_MICRO))
                    .registerTypeAdapter(LocalDate.class, new JSON.LocalDateTypeAdapter())
                    .registerTypeAdapter(byte[].class, new JSON.ByteArrayAdapter())
                    .create();

    private ModelGson() {}

    public static Gson gson() {
        return GSON;
    }

    /// Makes client-java use it everywhere. Call it once, before the first client is built.
    public static void install() {
        JSON.setGson(GSON);
    }
}
