package io.paas.api.extension;

import com.google.gson.annotations.SerializedName;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.custom.QuantityFormatException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Holds a YAML tree against one of client-java's models: unknown fields, wrong types, missing
/// fields. The models are generated from the API's own description, so nothing is repeated here.
final class ModelShape {

    private final Problems problems;
    private final String key;

    ModelShape(Problems problems, String key) {
        this.problems = problems;
        this.key = key;
    }

    void check(String path, YamlNode node, Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class) {
                list(path, node, arguments[0]);
            } else {
                map(path, node, arguments[1]);
            }
        } else if (type == String.class) {
            expect(path, node, isText(node), "a string");
        } else if (type == Boolean.class) {
            boolean matches = node instanceof YamlNode.Scalar scalar && scalar.value().isBoolean();
            expect(path, node, matches, "true or false");
        } else if (type == Integer.class || type == Long.class) {
            expect(path, node, isInteger(node), "an integer");
        } else if (type == IntOrString.class) {
            expect(path, node, isText(node) || isInteger(node), "an integer or a string");
        } else if (type == Quantity.class) {
            expect(path, node, isQuantity(node), "a quantity, for example 100m or 1Gi");
        } else if (type instanceof Class<?> model && isModel(model)) {
            model(path, node, model);
        }
    }

    private void list(String path, YamlNode node, Type item) {
        if (!(node instanceof YamlNode.Items items)) {
            expect(path, node, false, "a list");
            return;
        }
        for (int i = 0; i < items.items().size(); i++) {
            check(path + "[" + i + "]", items.items().get(i), item);
        }
    }

    private void map(String path, YamlNode node, Type value) {
        if (!(node instanceof YamlNode.Fields fields)) {
            expect(path, node, false, "a mapping");
            return;
        }
        fields.fields()
                .forEach((name, field) -> check(Problems.join(path, name), field.value(), value));
    }

    private void model(String path, YamlNode node, Class<?> model) {
        if (!(node instanceof YamlNode.Fields fields)) {
            expect(path, node, false, "a mapping");
            return;
        }
        Map<String, Type> known = fieldsOf(model);
        fields.fields()
                .forEach(
                        (name, field) -> {
                            String child = Problems.join(path, name);
                            Type type = known.get(name);
                            if (type == null) {
                                problems.at(
                                        key,
                                        child,
                                        "unknown field; " + Problems.allowed(known.keySet()));
                            } else {
                                check(child, field.value(), type);
                            }
                        });
        for (String required : requiredOf(model)) {
            if (!fields.fields().containsKey(required)) {
                problems.at(key, path, "'" + required + "' is missing");
            }
        }
    }

    private void expect(String path, YamlNode node, boolean matches, String wanted) {
        if (!matches) {
            problems.at(key, path, "must be " + wanted + ", not " + node.describe());
        }
    }

    private static boolean isText(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.value().isTextual();
    }

    private static boolean isInteger(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.value().isIntegralNumber();
    }

    private static boolean isQuantity(YamlNode node) {
        if (!(node instanceof YamlNode.Scalar scalar)) {
            return false;
        }
        // A placeholder's value is only known later.
        if (scalar.text().contains("${")) {
            return true;
        }
        try {
            Quantity.fromString(scalar.text());
            return true;
        } catch (QuantityFormatException _) {
            return false;
        }
    }

    private static boolean isModel(Class<?> type) {
        return type.getPackageName().equals("io.kubernetes.client.openapi.models");
    }

    private static Map<String, Type> fieldsOf(Class<?> model) {
        Map<String, Type> fields = new TreeMap<>();
        for (Field field : model.getDeclaredFields()) {
            SerializedName name = field.getAnnotation(SerializedName.class);
            if (name != null) {
                fields.put(name.value(), field.getGenericType());
            }
        }
        return fields;
    }

    private static Set<String> requiredOf(Class<?> model) {
        try {
            Set<?> required = (Set<?>) model.getField("openapiRequiredFields").get(null);
            return Set.copyOf(required.stream().map(String::valueOf).toList());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(model + " is no generated model", e);
        }
    }
}
