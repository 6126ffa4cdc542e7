package io.paas.plan.expodset;

import io.paas.api.json.Json;
import io.paas.api.meta.Annotations;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a Pod carries while it is updated in place, so that whoever comes next can go on.
///
/// @param revision that it is to become
/// @param since when it began
/// @param instances the container instances that have to give way, by container
public record InPlaceRecord(String revision, Instant since, Map<String, String> instances) {

    public InPlaceRecord {
        instances = instances == null ? Map.of() : new TreeMap<>(instances);
        since = since == null ? Instant.EPOCH : since;
        revision = revision == null ? "" : revision;
    }

    /// Null while the Pod is not being updated in place.
    static @Nullable InPlaceRecord of(ObservedPod pod) {
        String text = pod.annotations().get(Annotations.IN_PLACE_UPDATE);
        if (text == null) {
            return null;
        }
        try {
            return Json.read(text, InPlaceRecord.class);
        } catch (IllegalArgumentException _) {
            // Somebody else wrote it. One of no revision and long ago leads to another Pod.
            return new InPlaceRecord("", Instant.EPOCH, Map.of());
        }
    }

    String text() {
        return Json.write(this);
    }
}
