package io.paas.lifecycle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/// Reads `lifecycle.yaml`. Unknown keys and values out of range are errors, with key and line: a
/// typo must be found when the image starts, not when the hook is needed.
public final class LifecycleConfigReader {
    private static final Pattern PATH = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Set<String> RESERVED = Set.of("capabilities", "runs", "livez", "readyz");
    private static final Map<String, Outcome> OUTCOMES =
            Map.of(
                    "done", Outcome.DONE,
                    "failed", Outcome.FAILED,
                    "not-yet", Outcome.NOT_YET,
                    "incompatible", Outcome.INCOMPATIBLE);

    private LifecycleConfigReader() {}

    /// Reads the file's text.
    ///
    /// @throws LifecycleConfigException on any mistake
    public static LifecycleConfig read(String text) {
        Node root = compose(text);
        YamlFields file =
                YamlFields.of(
                        root,
                        "",
                        Set.of("apiVersion", "kind", "extension", "extensionVersion", "apis"));
        file.expect("kind", "LifecycleAPIConfig");
        file.expect("apiVersion", "middleware.paas.io/v1");
        TreeMap<String, Hook> hooks = new TreeMap<>();
        for (Node item : file.items("apis")) {
            Hook hook = hook(item, hooks.size());
            if (hooks.put(hook.path(), hook) != null) {
                throw YamlFields.problem(item, "apis", "'" + hook.path() + "' stands twice");
            }
        }
        return new LifecycleConfig(
                file.text("extension"),
                file.text("extensionVersion"),
                hooks,
                LifecycleConfig.hashOf(text));
    }

    private static Node compose(String text) {
        try {
            LoadSettings settings = LoadSettings.builder().setLabel("lifecycle.yaml").build();
            return new Compose(settings)
                    .composeString(text)
                    .orElseThrow(() -> new LifecycleConfigException("lifecycle.yaml is empty"));
        } catch (YamlEngineException e) {
            throw new LifecycleConfigException("lifecycle.yaml is no YAML: " + e.getMessage());
        }
    }

    private static Hook hook(Node node, int index) {
        YamlFields api =
                YamlFields.of(
                        node,
                        "apis[" + index + "].",
                        Set.of(
                                "path",
                                "command",
                                "timeoutSeconds",
                                "retries",
                                "retryIntervalSeconds",
                                "concurrency",
                                "outputLimitBytes",
                                "exitCodes",
                                "periodSeconds",
                                "failureThreshold"));
        String path = api.matching("path", PATH);
        if (RESERVED.contains(path)) {
            throw api.problem("path", "'" + path + "' is a path of the server itself");
        }
        String concurrency = api.oneOf("concurrency", List.of("single", "parallel"), "single");
        return new Hook(
                path,
                command(api),
                api.number("timeoutSeconds", 1, 86_400, Hook.DEFAULT_TIMEOUT_SECONDS),
                api.number("retries", 0, 100, 0),
                api.number("retryIntervalSeconds", 0, 600, 1),
                concurrency.equals("parallel"),
                api.number("outputLimitBytes", 0, Hook.MAX_OUTPUT_LIMIT, Hook.DEFAULT_OUTPUT_LIMIT),
                exitCodes(api),
                api.optionalNumber("periodSeconds", 1, 3600),
                api.optionalNumber("failureThreshold", 1, 100));
    }

    private static List<String> command(YamlFields api) {
        List<String> command = new ArrayList<>();
        for (Node argument : api.items("command")) {
            command.add(YamlFields.scalar(argument, "command"));
        }
        if (command.isEmpty() || !command.getFirst().startsWith("/")) {
            throw api.problem("command", "must be a list whose first item is an absolute path");
        }
        return command;
    }

    private static Map<Integer, Outcome> exitCodes(YamlFields api) {
        Map<Integer, Outcome> outcomes = new HashMap<>();
        Node node = api.node("exitCodes");
        if (node == null) {
            return outcomes;
        }
        if (!(node instanceof MappingNode mapping)) {
            throw api.problem("exitCodes", "must map exit codes to outcomes");
        }
        mapping.getValue()
                .forEach(
                        pair -> {
                            String key = YamlFields.scalar(pair.getKeyNode(), "exitCodes");
                            String word = YamlFields.scalar(pair.getValueNode(), "exitCodes");
                            Outcome outcome = OUTCOMES.get(word);
                            if (outcome == null || !key.matches("[0-9]{1,3}")) {
                                throw YamlFields.problem(
                                        pair.getKeyNode(),
                                        "exitCodes",
                                        "0-255 to one of done, failed, not-yet, incompatible");
                            }
                            outcomes.put(Integer.valueOf(key), outcome);
                        });
        return outcomes;
    }
}
