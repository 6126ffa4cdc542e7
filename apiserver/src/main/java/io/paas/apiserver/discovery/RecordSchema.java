package io.paas.apiserver.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.paas.apiserver.kinds.Doc;
import io.paas.apiserver.request.Trees;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Writes the OpenAPI schema of a record. Nested records are written in place.
final class RecordSchema {

    private RecordSchema() {}

    static ObjectNode of(Class<?> type) {
        ObjectNode schema = Trees.object();
        Optional.ofNullable(type.getAnnotation(Doc.class))
                .ifPresent(doc -> schema.put("description", doc.value()));
        schema.put("type", "object");
        List<String> required = new ArrayList<>();
        ObjectNode properties = schema.putObject("properties");
        for (RecordComponent component : type.getRecordComponents()) {
            Doc doc = component.getAnnotation(Doc.class);
            properties.set(component.getName(), property(component.getGenericType(), doc));
            if (doc != null && doc.required()) {
                required.add(component.getName());
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", Trees.strings(required));
        }
        return schema;
    }

    private static ObjectNode property(Type type, @Nullable Doc doc) {
        ObjectNode schema = value(type);
        if (doc != null) {
            schema.put("description", doc.value());
            if (doc.oneOf().length > 0) {
                schema.set("enum", Trees.strings(List.of(doc.oneOf())));
            }
            if (doc.minimum() != Long.MIN_VALUE) {
                schema.put("minimum", doc.minimum());
            }
            if (doc.maximum() != Long.MAX_VALUE) {
                schema.put("maximum", doc.maximum());
            }
        }
        return schema;
    }

    private static ObjectNode value(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type last =
                    generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            ObjectNode schema = Trees.object();
            if (generic.getRawType() == List.class) {
                schema.put("type", "array").set("items", value(last));
            } else if (generic.getRawType() == Map.class) {
                schema.put("type", "object").set("additionalProperties", value(last));
            } else {
                throw new IllegalArgumentException("no schema for " + type);
            }
            return schema;
        }
        return value((Class<?>) type);
    }

    private static ObjectNode value(Class<?> type) {
        if (type.isRecord()) {
            return of(type);
        }
        if (JsonNode.class.isAssignableFrom(type)) {
            return Trees.object()
                    .put("type", "object")
                    .put("x-kubernetes-preserve-unknown-fields", true);
        }
        ObjectNode schema = Trees.object();
        return switch (type.getSimpleName()) {
            case "String" -> schema.put("type", "string");
            case "Integer", "int" -> schema.put("type", "integer").put("format", "int32");
            case "Long", "long" -> schema.put("type", "integer").put("format", "int64");
            case "Boolean", "boolean" -> schema.put("type", "boolean");
            case "OffsetDateTime", "Instant" ->
                    schema.put("type", "string").put("format", "date-time");
            default -> throw new IllegalArgumentException("no schema for " + type);
        };
    }
}
