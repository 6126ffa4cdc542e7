package io.paas.controllers.expodset;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.paas.api.json.Json;
import io.paas.api.v1.ExPodSet;
import io.paas.kube.client.Patch;
import org.jspecify.annotations.Nullable;

/// Makes a status what it shall be. What it had and no longer has is removed: left out of a merge
/// patch it would stay, and the status would be written for ever.
final class StatusPatch {

    private StatusPatch() {}

    static Patch of(ExPodSet.@Nullable Status before, ExPodSet.Status after) {
        JsonObject status = json(after);
        if (before != null) {
            json(before).keySet().stream()
                    .filter(field -> !status.has(field))
                    .toList()
                    .forEach(field -> status.add(field, JsonNull.INSTANCE));
        }
        JsonObject body = new JsonObject();
        body.add("status", status);
        return new Patch.Merge(body);
    }

    private static JsonObject json(ExPodSet.Status status) {
        return JsonParser.parseString(Json.write(status)).getAsJsonObject();
    }
}
