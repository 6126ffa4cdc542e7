package io.paas.api.extension;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.paas.api.extension.ExtensionPackage.Group;
import io.paas.api.extension.ExtensionPackage.MiddlewareVersion;
import io.paas.api.extension.ExtensionPackage.Parameter;
import io.paas.api.extension.ExtensionPackage.Topology;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `${name}` in the strings of a Pod template. `$${` is a literal `${`; Kubernetes' own `$(NAME)`
/// is left alone.
public final class Placeholders {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)(}?)");
    private static final Set<String> ALWAYS = Set.of("cluster", "namespace", "group", "version");

    private Placeholders() {}

    /// The tree with every placeholder replaced.
    ///
    /// @param values by name, as `image.main`; a valid package asks for no other
    public static JsonNode fill(JsonNode tree, Map<String, String> values) {
        return switch (tree) {
            case ObjectNode object -> {
                ObjectNode filled = JsonNodeFactory.instance.objectNode();
                object.properties()
                        .forEach(e -> filled.set(e.getKey(), fill(e.getValue(), values)));
                yield filled;
            }
            case ArrayNode array -> {
                ArrayNode filled = JsonNodeFactory.instance.arrayNode();
                array.forEach(item -> filled.add(fill(item, values)));
                yield filled;
            }
            default ->
                    tree.isTextual()
                            ? JsonNodeFactory.instance.textNode(fill(tree.textValue(), values))
                            : tree;
        };
    }

    private static String fill(String text, Map<String, String> values) {
        Matcher matcher = PLACEHOLDER.matcher(text);
        return matcher.replaceAll(
                found -> {
                    String name = found.group(1);
                    String value = name == null ? "${" : values.get(name);
                    if (value == null) {
                        throw new IllegalArgumentException("no value for ${" + name + "}");
                    }
                    return Matcher.quoteReplacement(value);
                });
    }

    /// Each name that the text asks for.
    static void names(String text, Consumer<String> each) {
        Matcher matcher = PLACEHOLDER.matcher(text);
        while (matcher.find()) {
            if (matcher.group(1) != null) {
                // An unclosed one is no name that could be known.
                each.accept(matcher.group(1) + (matcher.group(2).isEmpty() ? " (unclosed)" : ""));
            }
        }
    }

    /// The names that always have a value in the template of a static group: an image only if every
    /// middleware version has it, a parameter only if every topology with the group has it.
    static Set<String> known(ExtensionPackage extension, String staticGroup) {
        Set<String> names = new TreeSet<>(ALWAYS);
        Map<String, Integer> images = new HashMap<>();
        for (MiddlewareVersion version : extension.middlewareVersions()) {
            version.images()
                    .keySet()
                    .forEach(name -> images.merge("image." + name, 1, Integer::sum));
        }
        keep(images, extension.middlewareVersions().size(), names);
        Map<String, Integer> parameters = new HashMap<>();
        int topologies = 0;
        for (Topology topology : extension.topologies()) {
            if (topology.groups().stream().map(Group::staticGroup).anyMatch(staticGroup::equals)) {
                topologies++;
                topology.parameters().stream()
                        .map(Parameter::name)
                        .forEach(name -> parameters.merge("parameter." + name, 1, Integer::sum));
            }
        }
        keep(parameters, topologies, names);
        return names;
    }

    private static void keep(Map<String, Integer> counts, int all, Set<String> names) {
        counts.forEach(
                (name, count) -> {
                    if (count == all) {
                        names.add(name);
                    }
                });
    }
}
