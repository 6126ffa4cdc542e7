package io.paas.api.extension;

import io.kubernetes.client.openapi.models.V1PodTemplateSpec;
import io.paas.api.extension.ExtensionPackage.StaticGroup;
import java.util.Set;

/// Checks one `pod.<staticGroup>.yaml`.
final class PodChecks {

    private PodChecks() {}

    static void check(
            ExtensionPackage extension, StaticGroup group, YamlNode.Fields pod, Problems problems) {
        String key = ExtensionParser.podKey(group.name());
        new ModelShape(problems, key).check("", pod, V1PodTemplateSpec.class);
        new PodRules(problems, key, group).check(pod);
        placeholders(problems, key, "", pod, Placeholders.known(extension, group.name()));
    }

    private static void placeholders(
            Problems problems, String key, String path, YamlNode node, Set<String> known) {
        switch (node) {
            case YamlNode.Scalar scalar ->
                    Placeholders.names(
                            scalar.text(),
                            name -> {
                                if (!known.contains(name)) {
                                    problems.at(
                                            key,
                                            path,
                                            "placeholder ${"
                                                    + name
                                                    + "} is unknown; "
                                                    + Problems.allowed(known)
                                                    + "; write $${ for a literal ${");
                                }
                            });
            case YamlNode.Items items -> {
                for (int i = 0; i < items.items().size(); i++) {
                    String child = path + "[" + i + "]";
                    placeholders(problems, key, child, items.items().get(i), known);
                }
            }
            case YamlNode.Fields fields ->
                    fields.fields()
                            .forEach(
                                    (name, field) ->
                                            placeholders(
                                                    problems,
                                                    key,
                                                    Problems.join(path, name),
                                                    field.value(),
                                                    known));
        }
    }
}
