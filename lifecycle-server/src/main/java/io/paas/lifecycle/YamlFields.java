package io.paas.lifecycle;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// The keys of one YAML mapping, with the line of each for messages.
final class YamlFields {
    private final Node owner;
    private final String prefix;
    private final Map<String, Node> values;

    private YamlFields(Node owner, String prefix, Map<String, Node> values) {
        this.owner = owner;
        this.prefix = prefix;
        this.values = values;
    }

    static YamlFields of(Node node, String prefix, Set<String> known) {
        if (!(node instanceof MappingNode mapping)) {
            throw problem(node, prefix, "must be a mapping");
        }
        Map<String, Node> values = new HashMap<>();
        for (NodeTuple pair : mapping.getValue()) {
            String key = scalar(pair.getKeyNode(), prefix);
            if (!known.contains(key)) {
                throw problem(pair.getKeyNode(), prefix + key, "unknown key");
            }
            values.put(key, pair.getValueNode());
        }
        return new YamlFields(node, prefix, values);
    }

    static LifecycleConfigException problem(Node node, String key, String what) {
        String line = node.getStartMark().map(mark -> "" + (mark.getLine() + 1)).orElse("?");
        return new LifecycleConfigException("lifecycle.yaml:" + line + ": " + key + ": " + what);
    }

    LifecycleConfigException problem(String key, String what) {
        Node at = values.get(key);
        return problem(at == null ? owner : at, prefix + key, what);
    }

    static String scalar(Node node, String key) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw problem(node, key, "must be a single value");
    }

    @Nullable Node node(String key) {
        return values.get(key);
    }

    @Nullable String text(String key) {
        Node node = values.get(key);
        return node == null ? null : scalar(node, prefix + key);
    }

    void expect(String key, String value) {
        if (!value.equals(text(key))) {
            throw problem(key, "must be " + value);
        }
    }

    String matching(String key, Pattern pattern) {
        String text = text(key);
        if (text == null || !pattern.matcher(text).matches()) {
            throw problem(key, "is needed and must match " + pattern.pattern());
        }
        return text;
    }

    String oneOf(String key, List<String> allowed, String otherwise) {
        String text = text(key);
        if (text != null && !allowed.contains(text)) {
            throw problem(key, "must be one of " + allowed);
        }
        return text == null ? otherwise : text;
    }

    List<Node> items(String key) {
        Node node = values.get(key);
        if (node == null) {
            return List.of();
        }
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        throw problem(key, "must be a list");
    }

    int number(String key, int minimum, int maximum, int otherwise) {
        Integer value = optionalNumber(key, minimum, maximum);
        return value == null ? otherwise : value;
    }

    @Nullable Integer optionalNumber(String key, int minimum, int maximum) {
        String text = text(key);
        if (text == null) {
            return null;
        }
        try {
            int value = Integer.parseInt(text);
            if (value >= minimum && value <= maximum) {
                return value;
            }
        } catch (NumberFormatException e) {
            // The message below fits this case, too.
        }
        throw problem(key, "must be a whole number from " + minimum + " to " + maximum);
    }
}
