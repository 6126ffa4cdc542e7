package io.paas.apiserver.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.apiserver.request.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Answers reads from what a test put there, and remembers writes.
public final class FakeKube implements KubeApi {

    private final Map<String, String> objects = new HashMap<>();
    public final List<String> writes = new ArrayList<>();

    private Runnable duringWrite = () -> {};

    /// What happens during the next write; what it throws is the write's failure.
    public void duringWrite(Runnable happens) {
        duringWrite = happens;
    }

    private void wrote(String what) {
        writes.add(what);
        Runnable happens = duringWrite;
        duringWrite = () -> {};
        happens.run();
    }

    public FakeKube put(String path, String json) {
        objects.put(path, json);
        return this;
    }

    @Override
    public JsonNode get(String path) {
        String json = objects.get(path);
        if (json == null) {
            throw new KubeFailure(404, "NotFound", path + " not found");
        }
        try {
            return Trees.parse(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public JsonNode create(String path, JsonNode object) {
        wrote("create " + path);
        boolean isTold = objects.containsKey(path) && !get(path).has("items");
        return isTold ? get(path) : object;
    }

    @Override
    public JsonNode jsonPatch(String path, JsonNode operations) {
        wrote("patch " + path + " " + operations);
        return get(path);
    }

    @Override
    public JsonNode mergePatch(String path, JsonNode patch) {
        wrote("merge " + path + " " + patch);
        return patch;
    }
}
