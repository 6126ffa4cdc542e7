package io.paas.api.extension;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Collects problems and knows at which line each path of each key stands.
final class Problems {

    private final TreeSet<Problem> found = new TreeSet<>();
    private final Map<String, Map<String, Integer>> lines = new HashMap<>();

    /// Remembers the lines of a key's tree, by paths as `groups[0].name`.
    void locate(String key, YamlNode root) {
        Map<String, Integer> byPath = lines.computeIfAbsent(key, _ -> new HashMap<>());
        locate(byPath, "", root);
    }

    private static void locate(Map<String, Integer> byPath, String path, YamlNode node) {
        byPath.putIfAbsent(path, node.line());
        switch (node) {
            case YamlNode.Scalar _ -> {}
            case YamlNode.Items items -> {
                for (int i = 0; i < items.items().size(); i++) {
                    locate(byPath, path + "[" + i + "]", items.items().get(i));
                }
            }
            case YamlNode.Fields fields ->
                    fields.fields()
                            .forEach(
                                    (name, field) -> {
                                        String child = join(path, name);
                                        byPath.putIfAbsent(child, field.line());
                                        locate(byPath, child, field.value());
                                    });
        }
    }

    static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /// A problem at a line that is known.
    void at(String key, int line, String message) {
        found.add(new Problem(key, line, message));
    }

    /// A problem at a path; the message begins with the path.
    void at(String key, String path, String message) {
        int line = lines.getOrDefault(key, Map.of()).getOrDefault(path, 0);
        found.add(new Problem(key, line, path.isEmpty() ? message : path + ": " + message));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    List<Problem> sorted() {
        return List.copyOf(found);
    }

    /// The end of every "… is not known" message.
    static String allowed(Collection<String> names) {
        return names.isEmpty() ? "none is declared" : "allowed: " + String.join(", ", names);
    }
}
