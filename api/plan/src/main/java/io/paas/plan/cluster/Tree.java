package io.paas.plan.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.paas.api.json.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes JSON objects the way one reads them.
final class Tree {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Tree() {}

    /// @param namesAndValues names and values by turns; an empty object stays an empty object
    static ObjectNode object(Object... namesAndValues) {
        ObjectNode object = JSON.objectNode();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.set((String) namesAndValues[i], node(namesAndValues[i + 1]));
        }
        return object;
    }

    static ArrayNode array(Object... values) {
        return array(List.of(values));
    }

    static ArrayNode array(List<?> values) {
        ArrayNode array = JSON.arrayNode();
        values.forEach(value -> array.add(node(value)));
        return array;
    }

    static ObjectNode object(Map<String, String> map) {
        ObjectNode object = JSON.objectNode();
        new TreeMap<>(map).forEach(object::put);
        return object;
    }

    /// The child object of that name, made when it is missing.
    static ObjectNode child(ObjectNode parent, String name) {
        return parent.get(name) instanceof ObjectNode object ? object : parent.putObject(name);
    }

    /// The child list of that name, made when it is missing.
    static ArrayNode list(ObjectNode parent, String name) {
        return parent.get(name) instanceof ArrayNode array ? array : parent.putArray(name);
    }

    private static JsonNode node(Object value) {
        return switch (value) {
            case JsonNode node -> node;
            case String text -> JSON.textNode(text);
            case Integer number -> JSON.numberNode(number);
            case Boolean bool -> JSON.booleanNode(bool);
            default -> Json.tree(value);
        };
    }
}
