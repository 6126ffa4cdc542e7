package io.paas.pid1;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A Pod's labels in memory.
final class TestPod implements OwnPod {
    final Map<String, String> labels = new ConcurrentHashMap<>();
    final List<String> patches = new CopyOnWriteArrayList<>();

    @Override
    public @Nullable String label(String key) {
        return labels.get(key);
    }

    @Override
    public void patchLabel(String key, String value) {
        labels.put(key, value);
        patches.add(key + "=" + value);
    }
}
