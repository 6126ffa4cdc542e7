package io.paas.api.extension;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// Reads one YAML 1.2 document into a tree with lines.
final class YamlReader {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int MAX_DEPTH = 64;

    // No aliases of collections: they allow cycles and documents that grow exponentially.
    private static final LoadSettings SETTINGS =
            LoadSettings.builder().setUseMarks(true).setMaxAliasesForCollections(0).build();

    private final String key;
    private final Problems problems;

    private YamlReader(String key, Problems problems) {
        this.key = key;
        this.problems = problems;
    }

    /// The key's tree; null when it is no YAML mapping, which is then one of the problems.
    static YamlNode.@Nullable Fields read(String key, String text, Problems problems) {
        YamlNode root = new YamlReader(key, problems).compose(text);
        if (root == null) {
            return null;
        }
        problems.locate(key, root);
        if (root instanceof YamlNode.Fields fields) {
            return fields;
        }
        problems.at(key, root.line(), "must be a mapping, not " + root.describe());
        return null;
    }

    private @Nullable YamlNode compose(String text) {
        try {
            Optional<Node> root = new Compose(SETTINGS).composeString(text);
            if (root.isEmpty()) {
                problems.at(key, 1, "is empty");
                return null;
            }
            return convert(root.get(), 0);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
            problems.at(key, line, "is no YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            problems.at(key, 1, "cannot be read: " + e.getMessage());
        }
        return null;
    }

    private YamlNode convert(Node node, int depth) {
        int line = line(node);
        if (depth > MAX_DEPTH) {
            problems.at(key, line, "is nested deeper than " + MAX_DEPTH + " levels");
            return new YamlNode.Scalar(line, JSON.nullNode(), "");
        }
        return switch (node) {
            case ScalarNode scalar ->
                    new YamlNode.Scalar(line, value(scalar, line), scalar.getValue());
            case SequenceNode sequence -> {
                List<YamlNode> items = new ArrayList<>();
                sequence.getValue().forEach(item -> items.add(convert(item, depth + 1)));
                yield new YamlNode.Items(line, items);
            }
            case MappingNode mapping ->
                    new YamlNode.Fields(line, fields(mapping.getValue(), depth));
            default -> {
                problems.at(key, line, "aliases are not supported");
                yield new YamlNode.Scalar(line, JSON.nullNode(), "");
            }
        };
    }

    private Map<String, YamlNode.Field> fields(List<NodeTuple> tuples, int depth) {
        Map<String, YamlNode.Field> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : tuples) {
            int line = line(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
                problems.at(key, line, "a field's name must be a string");
                continue;
            }
            YamlNode value = convert(tuple.getValueNode(), depth + 1);
            if (fields.putIfAbsent(name.getValue(), new YamlNode.Field(line, value)) != null) {
                problems.at(key, line, name.getValue() + ": stands twice");
            }
        }
        return fields;
    }

    private JsonNode value(ScalarNode scalar, int line) {
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            return JSON.nullNode();
        } else if (tag.equals(Tag.BOOL)) {
            return JSON.booleanNode(Boolean.parseBoolean(text));
        } else if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            return number(text, tag, line);
        } else if (!tag.equals(Tag.STR)) {
            problems.at(key, line, "tag " + tag.getValue() + " is not supported");
        }
        return JSON.textNode(text);
    }

    private JsonNode number(String text, Tag tag, int line) {
        try {
            if (tag.equals(Tag.INT)) {
                return JSON.numberNode(Long.parseLong(text));
            }
            double value = Double.parseDouble(text);
            if (Double.isFinite(value)) {
                return JSON.numberNode(value);
            }
        } catch (NumberFormatException _) {
            // Told below: too large, or .inf and .nan, which JSON has not.
        }
        problems.at(key, line, "the number " + text + " cannot be represented");
        return JSON.numberNode(0);
    }

    private static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }
}
