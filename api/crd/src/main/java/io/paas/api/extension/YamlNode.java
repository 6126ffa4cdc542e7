package io.paas.api.extension;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/// A YAML value that knows its line, counted from 1.
sealed interface YamlNode {

    int line();

    JsonNode toJson();

    /// What the value is, as messages call it.
    String describe();

    /// One value.
    ///
    /// @param value a JSON value of the kind that YAML 1.2 resolves the text to
    /// @param text as it was written
    record Scalar(int line, JsonNode value, String text) implements YamlNode {
        @Override
        public JsonNode toJson() {
            return value;
        }

        @Override
        public String describe() {
            return switch (value.getNodeType()) {
                case NUMBER -> "the number " + text;
                case BOOLEAN -> "the boolean " + text;
                case NULL -> "null";
                default -> "the string '" + text + "'";
            };
        }
    }

    record Items(int line, List<YamlNode> items) implements YamlNode {
        @Override
        public JsonNode toJson() {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            items.forEach(item -> array.add(item.toJson()));
            return array;
        }

        @Override
        public String describe() {
            return "a list";
        }
    }

    /// In the order in which they were written.
    record Fields(int line, Map<String, Field> fields) implements YamlNode {
        @Override
        public JsonNode toJson() {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            fields.forEach((name, field) -> object.set(name, field.value().toJson()));
            return object;
        }

        @Override
        public String describe() {
            return "a mapping";
        }
    }

    /// One field; the line is the name's, the value may begin on a later one.
    record Field(int line, YamlNode value) {}
}
