package io.paas.api.extension;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.api.extension.ExtensionPackage.StaticGroup;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads a package's keys and texts. Pure: the same content always gives the same result.
public final class ExtensionParser {

    static final String MANIFEST = "extension.yaml";
    private static final String CONFIG = "config.";

    private ExtensionParser() {}

    static String podKey(String staticGroup) {
        return "pod." + staticGroup + ".yaml";
    }

    public static ParsedExtension parse(Map<String, String> content) {
        Problems problems = new Problems();
        ExtensionPackage extension = read(content, problems);
        return extension != null && problems.isEmpty()
                ? new ParsedExtension.Valid(extension)
                : new ParsedExtension.Invalid(problems.sorted());
    }

    private static @Nullable ExtensionPackage read(Map<String, String> content, Problems problems) {
        String text = content.get(MANIFEST);
        if (text == null) {
            problems.at(MANIFEST, 0, "the key is missing");
            return null;
        }
        YamlNode.Fields root = YamlReader.read(MANIFEST, text, problems);
        if (root == null) {
            return null;
        }
        ExtensionPackage manifest =
                ManifestReader.read(new FieldReader(problems, MANIFEST, "", root));
        References.check(manifest, problems);
        Map<String, JsonNode> pods = pods(manifest, content, problems);
        return with(manifest, pods, configs(manifest, content, problems));
    }

    private static Map<String, JsonNode> pods(
            ExtensionPackage manifest, Map<String, String> content, Problems problems) {
        Map<String, JsonNode> pods = new TreeMap<>();
        for (StaticGroup group : manifest.staticGroups()) {
            String key = podKey(group.name());
            String text = content.get(key);
            if (text == null) {
                problems.at(key, 0, "the key is missing; each static group needs one");
                continue;
            }
            YamlNode.Fields pod = YamlReader.read(key, text, problems);
            if (pod != null) {
                PodChecks.check(manifest, group, pod, problems);
                pods.put(group.name(), pod.toJson());
            }
        }
        return pods;
    }

    private static Map<String, String> configs(
            ExtensionPackage manifest, Map<String, String> content, Problems problems) {
        Set<String> known = new TreeSet<>();
        known.add(MANIFEST);
        manifest.staticGroups().forEach(group -> known.add(podKey(group.name())));
        Map<String, String> configs = new TreeMap<>();
        content.forEach(
                (key, text) -> {
                    if (key.startsWith(CONFIG) && key.length() > CONFIG.length()) {
                        configs.put(key.substring(CONFIG.length()), text);
                    } else if (!known.contains(key)) {
                        problems.at(
                                key,
                                0,
                                "unknown key; " + Problems.allowed(known) + ", config.<file>");
                    }
                });
        return configs;
    }

    private static ExtensionPackage with(
            ExtensionPackage e, Map<String, JsonNode> pods, Map<String, String> configs) {
        return new ExtensionPackage(
                e.type(),
                e.version(),
                e.displayName(),
                e.description(),
                e.lifecycleImage(),
                e.middlewareVersions(),
                e.upgradableFrom(),
                e.upgradePaths(),
                e.roles(),
                e.topologies(),
                e.staticGroups(),
                e.endpoints(),
                e.ownPodKeys(),
                e.hooks(),
                pods,
                configs);
    }
}
