package io.paas.api.extension;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the fields of one mapping by name and type. What is wrong becomes a problem and reads as
/// an empty value, so that one run finds everything.
final class FieldReader {

    private final Problems problems;
    private final String key;
    private final String path;
    private final Map<String, YamlNode.Field> fields;
    private final Set<String> asked = new TreeSet<>();

    FieldReader(Problems problems, String key, String path, YamlNode.Fields node) {
        this.problems = problems;
        this.key = key;
        this.path = path;
        this.fields = node.fields();
    }

    String path(String name) {
        return Problems.join(path, name);
    }

    /// Tells the fields that nobody asked for. Call it last.
    void end() {
        for (String name : fields.keySet()) {
            if (!asked.contains(name)) {
                wrong(name, "unknown field; " + Problems.allowed(asked));
            }
        }
    }

    void wrong(String name, String message) {
        problems.at(key, path(name), message);
    }

    String string(String name) {
        String value = optionalString(name);
        if (value == null) {
            missing(name);
        } else if (value.isBlank()) {
            wrong(name, "must not be empty");
        }
        return value == null ? "" : value;
    }

    /// @param rule what the pattern allows, in words
    String name(String name, Pattern pattern, String rule) {
        String value = string(name);
        if (!value.isBlank() && !pattern.matcher(value).matches()) {
            wrong(name, "'" + value + "' must be " + rule);
        }
        return value;
    }

    @Nullable String optionalString(String name) {
        YamlNode value = take(name);
        return value == null ? null : text(path(name), value);
    }

    private String text(String at, YamlNode value) {
        if (value instanceof YamlNode.Scalar scalar) {
            if (scalar.value().isTextual()) {
                return scalar.text();
            }
            if (!scalar.value().isNull()) {
                problems.at(
                        key,
                        at,
                        "must be a string, not "
                                + scalar.describe()
                                + "; put it in quotes: \""
                                + scalar.text()
                                + "\"");
                return scalar.text();
            }
        }
        problems.at(key, at, "must be a string, not " + value.describe());
        return "";
    }

    /// @param fallback the value when the field is missing; null makes it required
    int integer(String name, int minimum, int maximum, @Nullable Integer fallback) {
        Integer value = optionalInteger(name, minimum, maximum);
        if (value != null) {
            return value;
        }
        if (fallback == null && !fields.containsKey(name)) {
            missing(name);
        }
        return fallback == null ? minimum : fallback;
    }

    @Nullable Integer optionalInteger(String name, int minimum, int maximum) {
        YamlNode value = take(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof YamlNode.Scalar scalar) || !scalar.value().isIntegralNumber()) {
            wrong(name, "must be an integer, not " + value.describe());
            return null;
        }
        long number = scalar.value().longValue();
        if (number < minimum || number > maximum) {
            wrong(name, "must be " + minimum + " to " + maximum + ", not " + number);
            return null;
        }
        return (int) number;
    }

    boolean bool(String name) {
        YamlNode value = take(name);
        if (value == null) {
            return false;
        }
        if (value instanceof YamlNode.Scalar scalar && scalar.value().isBoolean()) {
            return scalar.value().booleanValue();
        }
        wrong(name, "must be true or false, not " + value.describe());
        return false;
    }

    /// @param fallback the value when the field is missing; null makes it required
    <E> @Nullable E choice(String name, Map<String, E> choices, @Nullable E fallback) {
        String value = optionalString(name);
        if (value == null) {
            if (fallback == null) {
                missing(name);
            }
            return fallback;
        }
        E chosen = choices.get(value);
        if (chosen == null) {
            wrong(
                    name,
                    "'"
                            + value
                            + "' is unknown; "
                            + Problems.allowed(new TreeMap<>(choices).keySet()));
        }
        return chosen == null ? fallback : chosen;
    }

    /// A scalar of any type as text, as a parameter's default may be.
    @Nullable String scalar(String name) {
        YamlNode value = take(name);
        if (value instanceof YamlNode.Scalar scalar && !scalar.value().isNull()) {
            return scalar.text();
        }
        if (value == null) {
            missing(name);
        } else {
            wrong(name, "must be a string, a number or a boolean, not " + value.describe());
        }
        return null;
    }

    List<String> strings(String name) {
        List<String> values = new ArrayList<>();
        List<YamlNode> items = items(name);
        for (int i = 0; i < items.size(); i++) {
            values.add(text(path(name) + "[" + i + "]", items.get(i)));
        }
        return values;
    }

    /// Strings of which none may stand twice.
    List<String> set(String name) {
        List<String> values = strings(name);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < values.size(); i++) {
            if (!seen.add(values.get(i))) {
                problems.at(
                        key, path(name) + "[" + i + "]", "'" + values.get(i) + "' stands twice");
            }
        }
        return values;
    }

    Map<String, String> map(String name) {
        YamlNode value = take(name);
        Map<String, String> map = new TreeMap<>();
        if (value instanceof YamlNode.Fields node) {
            node.fields()
                    .forEach(
                            (entry, field) ->
                                    map.put(
                                            entry,
                                            text(Problems.join(path(name), entry), field.value())));
        } else if (value != null) {
            wrong(name, "must be a mapping, not " + value.describe());
        }
        return map;
    }

    /// Objects; their unknown fields are told by this method.
    <T> List<T> list(String name, Function<FieldReader, T> read) {
        List<T> values = new ArrayList<>();
        List<YamlNode> items = items(name);
        for (int i = 0; i < items.size(); i++) {
            T value = object(path(name) + "[" + i + "]", items.get(i), read);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    /// As [#list], but one at least is required.
    <T> List<T> someOf(String name, Function<FieldReader, T> read) {
        List<T> values = list(name, read);
        if (!fields.containsKey(name)) {
            missing(name);
        } else if (values.isEmpty()) {
            wrong(name, "needs one entry at least");
        }
        return values;
    }

    <T> @Nullable T optional(String name, Function<FieldReader, T> read) {
        YamlNode value = take(name);
        return value == null ? null : object(path(name), value, read);
    }

    private <T> @Nullable T object(String at, YamlNode value, Function<FieldReader, T> read) {
        if (!(value instanceof YamlNode.Fields node)) {
            problems.at(key, at, "must be a mapping, not " + value.describe());
            return null;
        }
        FieldReader reader = new FieldReader(problems, key, at, node);
        T result = read.apply(reader);
        reader.end();
        return result;
    }

    private List<YamlNode> items(String name) {
        YamlNode value = take(name);
        if (value instanceof YamlNode.Items items) {
            return items.items();
        }
        if (value != null) {
            wrong(name, "must be a list, not " + value.describe());
        }
        return List.of();
    }

    private @Nullable YamlNode take(String name) {
        asked.add(name);
        YamlNode.Field field = fields.get(name);
        return field == null ? null : field.value();
    }

    void missing(String name) {
        problems.at(key, path, "'" + name + "' is missing");
    }
}
