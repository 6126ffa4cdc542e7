package io.paas.api.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.paas.api.extension.ExtensionPackage.Unit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ExtensionParserTest {

    private static final String MANIFEST = "extension.yaml";
    private static final String POD = "pod.node.yaml";

    private static final Map<String, String> PACKAGE =
            Map.of(
                    MANIFEST,
                    """
                    type: store
                    version: 1.0.0
                    lifecycleImage: registry.test/store-lifecycle:1.0.0
                    middlewareVersions:
                    - {version: "6.0", images: {store: "registry.test/store:6.0"}}
                    - {version: "7.0", images: {store: "registry.test/store:7.0", extra: "registry.test/x:1"}}
                    upgradePaths: [{from: "6.0", to: "7.0", reversible: true}]
                    roles: [primary, replica]
                    topologies:
                    - name: cluster
                      parameters:
                      - {name: followers, type: integer, default: 0, minimum: 0, maximum: 5}
                      - {name: mode, type: string, default: fast}
                      groups:
                      - name: nodes
                        staticGroup: node
                        unit: {name: leader, parameter: followers, minimum: 3, maximum: 100, default: 3}
                    staticGroups:
                    - name: node
                      process:
                        name: store
                        argv: [/run/start]
                        stop: [{signal: TERM, timeoutSeconds: 30}, {signal: KILL}]
                      ports: [{name: store, port: 6379}]
                      volumeClaims: [{name: data, mountPath: /data, defaultSize: 1Gi}]
                    endpoints: [{name: store, group: nodes, port: store}]
                    ownPodKeys: {labels: [middleware.paas.io/role]}
                    hooks:
                      postScaleOut: {retries: 10}
                    """,
                    POD,
                    """
                    metadata:
                      labels: {team: a}
                    spec:
                      containers:
                      - name: main
                        image: ${image.store}
                        resources: {limits: {memory: 256Mi}}
                        securityContext: {capabilities: {drop: [ALL]}}
                      - name: exporter
                        image: registry.test/exporter:1
                        args: [--mode, "${parameter.mode}", "$${HOME}"]
                        ports: [{containerPort: 9121}]
                        readinessProbe: {httpGet: {port: 9121}}
                      volumes:
                      - {name: scratch, emptyDir: {}}
                    """,
                    "config.store.conf",
                    "save ${not.a.placeholder}");

    @Test
    void readsAValidPackage() {
        ParsedExtension parsed = ExtensionParser.parse(PACKAGE);

        assertThat(parsed).isInstanceOf(ParsedExtension.Valid.class);
        ExtensionPackage extension = ((ParsedExtension.Valid) parsed).extension();
        assertThat(extension.topology("cluster").orElseThrow().group("nodes").orElseThrow().unit())
                .isEqualTo(new Unit("leader", "followers", 3, 100, 3));
        assertThat(extension.hooks().postScaleOut().retries()).isEqualTo(10);
        assertThat(extension.hooks().postScaleOut().timeoutSeconds()).isEqualTo(60);
        assertThat(extension.pods().get("node").at("/spec/containers/0/image").textValue())
                .isEqualTo("${image.store}");
        assertThat(extension.configs()).containsOnlyKeys("store.conf");
        assertThat(extension.staticGroup("node").orElseThrow().process().services().toText())
                .contains("service store\nargv /run/start\n", "stop TERM 30000\nstop KILL 0\n");
    }

    static Stream<Arguments> mistakesOfTheManifest() {
        return Stream.of(
                arguments("type: store", "type: Store", 1, "type: 'Store' must be lower-case"),
                arguments(
                        "type: store",
                        "colour: red\ntype: store",
                        1,
                        "colour: unknown field; allowed"),
                arguments("type: store\n", "", 1, "'type' is missing"),
                arguments(
                        "version: 1.0.0",
                        "version: 1.0",
                        2,
                        "must be a string, not the number 1.0"),
                arguments(
                        "version: 1.0.0",
                        "version: 1.0.0\nversion: 1.0.1",
                        3,
                        "version: stands twice"),
                arguments("\"7.0\", images", "\"6.0\", images", 6, "'6.0' stands twice"),
                arguments("version: \"6.0\"", "version: 6.0", 5, "put it in quotes: \"6.0\""),
                arguments(
                        "default: 3}\n",
                        "default: 3}\n  extraGroups: [{staticGroup: node}]\n",
                        18,
                        "not together with hooks.postScaleOut"),
                arguments(
                        "default: 3}\n",
                        "default: 3}\n  extraGroups: [{staticGroup: gone}]\n",
                        18,
                        "'gone' is unknown; allowed: node"),
                arguments("to: \"7.0\"", "to: \"8.0\"", 7, "'8.0' is unknown; allowed: 6.0, 7.0"),
                arguments(
                        "reversible: true",
                        "reversible: yes",
                        7,
                        "must be true or false, not the string 'yes'"),
                arguments(
                        "roles: [primary, replica]",
                        "roles: [a, a]",
                        8,
                        "roles[1]: 'a' stands twice"),
                arguments("roles: [primary, replica]", "roles: primary", 8, "must be a list"),
                arguments(
                        "type: integer",
                        "type: int",
                        12,
                        "'int' is unknown; allowed: boolean, integer, string"),
                arguments(
                        "default: 0, minimum",
                        "default: 9, minimum",
                        12,
                        "must be at most 5, not 9"),
                arguments("name: mode", "name: followers", 13, "'followers' stands twice"),
                arguments(
                        "staticGroup: node",
                        "staticGroup: nod",
                        16,
                        "'nod' is unknown; allowed: node"),
                arguments(
                        "parameter: followers",
                        "parameter: mode",
                        17,
                        "'mode' is unknown; allowed: followers"),
                arguments(
                        "maximum: 100, default: 3",
                        "maximum: 100, default: 1",
                        17,
                        "must be 3 to 100, not 1"),
                arguments(
                        "minimum: 3",
                        "minimum: three",
                        17,
                        "must be an integer, not the string 'three'"),
                arguments("argv: [/run/start]", "argv: []", 21, "argv needs 1 to"),
                arguments(
                        "signal: TERM",
                        "signal: SIGTERM",
                        23,
                        "'SIGTERM' is unknown; allowed: ABRT"),
                arguments("port: 6379", "port: 9871", 24, "9871 is the platform's own"),
                arguments("port: 6379", "port: 70000", 24, "must be 1 to 65535, not 70000"),
                arguments("defaultSize: 1Gi", "defaultSize: much", 25, "'much' is no quantity"),
                arguments("port: store}", "port: web}", 26, "'web' is unknown; allowed: store"),
                arguments("group: nodes", "group: node", 26, "'node' is unknown; allowed: nodes"),
                arguments(
                        "middleware.paas.io/role",
                        "middleware.paas.io/cluster",
                        27,
                        "is the platform's own"),
                arguments(
                        "postScaleOut", "preScaleOut", 29, "unknown field; allowed: postScaleOut"),
                arguments(
                        "{retries: 10}",
                        "{retries: 10}\n  preScaleIn: {onFailure: Abort}",
                        30,
                        "allowed: Pause, Proceed"),
                arguments(
                        "{retries: 10}",
                        "{retries: 10}\n  restartOrder: {timeoutSeconds: 61}",
                        30,
                        "hooks.restartOrder.timeoutSeconds"),
                arguments(
                        "name: store\n",
                        "name: agent\n",
                        21,
                        "staticGroups[0].process.name: 'agent' is the platform's own process"),
                arguments("hooks:\n", "hooks:\n\t", 29, "is no YAML"),
                arguments("hooks:\n", "hooks: &a\n  b: *a\n", 1, "aliases"));
    }

    @ParameterizedTest
    @MethodSource("mistakesOfTheManifest")
    void tellsKeyAndLineOfAMistake(String text, String mistake, int line, String message) {
        assertProblem(MANIFEST, text, mistake, line, message);
    }

    static Stream<Arguments> mistakesOfThePod() {
        String main = "  - name: main\n";
        return Stream.of(
                arguments("spec:", "spec:\n  hostNetwork: true", 4, "gives access to the node"),
                arguments("spec:", "spec:\n  hostPID: true", 4, "gives access to the node"),
                arguments("spec:", "spec:\n  hostUsers: true", 4, "gives access to the node"),
                arguments("spec:", "spec:\n  nodeName: a", 4, "past the scheduler"),
                arguments("spec:", "spec:\n  serviceAccountName: admin", 4, "set by the platform"),
                arguments("spec:", "spec:\n  automountServiceAccountToken: true", 4, "set by the"),
                arguments("spec:", "spec:\n  shareProcessNamespace: true", 4, "PID 1"),
                arguments("spec:", "spec:\n  tolerationz: []", 4, "unknown field; allowed: active"),
                arguments(
                        "spec:", "spec:\n  securityContext: {runAsUser: 0}", 4, "runAsUser: 0 is"),
                arguments(
                        "spec:",
                        "spec:\n  securityContext: {sysctls: [{name: kernel.x, value: '1'}]}",
                        4,
                        "'kernel.x' is not allowed"),
                arguments(
                        "spec:",
                        "spec:\n  initContainers: [{name: agent, image: a}]",
                        4,
                        "'agent' is the platform's own container"),
                arguments(
                        "spec:",
                        "spec:\n  initContainers: [{name: launcher, image: a}]",
                        4,
                        "'launcher' is the platform's own container"),
                arguments("name: main", "name: first", 5, "the first of 'containers'"),
                arguments("name: exporter", "name: main", 9, "and no other, is named 'main'"),
                arguments(main, main + "    command: [sh]\n", 6, "is the platform's"),
                arguments(main, main + "    livenessProbe: {}\n", 6, "is the platform's"),
                arguments(main, main + "    imagePullPolicy: 3\n", 6, "must be a string"),
                arguments(main, main + "    lifecycle: {preStop: {}}\n", 6, "is the platform's"),
                arguments("image: ${image.store}", "tty: true", 5, "'image' is missing"),
                arguments(
                        "${image.store}", "${image.stor}", 6, "${image.stor} is unknown; allowed"),
                arguments("${image.store}", "${image.extra}", 6, "${image.extra} is unknown"),
                arguments("${image.store}", "${image.store", 6, "(unclosed)"),
                arguments(
                        "${parameter.mode}", "${parameter.x}", 11, "is unknown; allowed: cluster"),
                arguments("$${HOME}", "${HOME}", 11, "write $${ for a literal ${"),
                arguments("memory: 256Mi", "memory: lots", 7, "must be a quantity"),
                arguments(
                        "capabilities: {drop",
                        "capabilities: {add: [SYS_ADMIN], drop",
                        8,
                        "SYS_ADMIN is not"),
                arguments(
                        "{capabilities",
                        "{privileged: true, capabilities",
                        8,
                        "privileged: true is not"),
                arguments(
                        "{capabilities",
                        "{allowPrivilegeEscalation: true, capabilities",
                        8,
                        "is not allowed"),
                arguments(
                        "{capabilities", "{runAsNonRoot: false, capabilities", 8, "is not allowed"),
                arguments(
                        "{capabilities", "{procMount: Unmasked, capabilities", 8, "is not allowed"),
                arguments(
                        "{capabilities",
                        "{seccompProfile: {type: Unconfined}, capabilities",
                        8,
                        "Unconfined"),
                arguments(
                        "{capabilities",
                        "{seLinuxOptions: {type: spc_t}, capabilities",
                        8,
                        "spc_t"),
                arguments(
                        "containerPort: 9121",
                        "containerPort: 9121, hostPort: 1",
                        12,
                        "opens a port of the node"),
                arguments(
                        "httpGet: {port",
                        "httpGet: {host: 10.0.0.1, port",
                        13,
                        "kubelet would call any host"),
                arguments(
                        "emptyDir: {}",
                        "hostPath: {path: /}",
                        15,
                        "is not allowed by Pod Security"),
                arguments(
                        "emptyDir: {}",
                        "nfs: {server: a, path: /}",
                        15,
                        "is not allowed by Pod Security"),
                arguments("name: scratch", "name: data", 15, "volume claim of the group already"),
                arguments("name: scratch", "name: middleware-run", 15, "are the platform's"),
                arguments(
                        "emptyDir: {}",
                        "projected: {sources: [{serviceAccountToken: {path: t}}]}",
                        15,
                        "only the agent has a token"),
                arguments("team: a", "middleware.paas.io/role: a", 2, "is the platform's own"),
                arguments("  labels:", "  name: a\n  labels:", 2, "allowed: annotations, labels"),
                arguments(
                        main,
                        main + "    env: [{name: POD_IP, value: a}]\n",
                        6,
                        "set by the platform"),
                arguments(main, main + "    env: [{value: a}]\n", 6, "'name' is missing"));
    }

    @ParameterizedTest
    @MethodSource("mistakesOfThePod")
    void tellsWhatAPodMustNotSay(String text, String mistake, int line, String message) {
        assertProblem(POD, text, mistake, line, message);
    }

    @Test
    void tellsMissingAndUnknownKeys() {
        Map<String, String> content = new TreeMap<>(PACKAGE);
        content.remove(POD);
        content.put("pod.other.yaml", "spec: {}");

        assertThat(problems(content))
                .extracting(Problem::toString)
                .containsExactly(
                        "pod.node.yaml: the key is missing; each static group needs one",
                        "pod.other.yaml: unknown key; allowed: extension.yaml, pod.node.yaml,"
                                + " config.<file>");
        assertThat(problems(Map.of()))
                .containsExactly(new Problem(MANIFEST, 0, "the key is missing"));
    }

    @Test
    void tellsAllMistakesAtOnce() {
        Map<String, String> content = new TreeMap<>(PACKAGE);
        content.compute(MANIFEST, (_, text) -> text.replace("type: store", "type: 1"));
        content.compute(POD, (_, text) -> text.replace("spec:", "spec:\n  hostIPC: true"));

        assertThat(problems(content)).extracting(Problem::key).contains(MANIFEST, POD);
    }

    @Test
    void survivesAnyCutOfAValidPackage() {
        for (String key : List.of(MANIFEST, POD)) {
            String text = PACKAGE.get(key);
            for (int end = 0; end < text.length(); end += 7) {
                Map<String, String> content = new TreeMap<>(PACKAGE);
                content.put(key, text.substring(0, end));

                assertThat(ExtensionParser.parse(content)).isNotNull();
            }
        }
    }

    @Test
    void digestSeesWhereATextStands() {
        assertThat(PackageDigest.of(Map.of("a", "bc"))).hasSize(64);
        assertThat(PackageDigest.of(Map.of("a", "bc")))
                .isNotEqualTo(PackageDigest.of(Map.of("ab", "c")));
    }

    private static void assertProblem(
            String key, String text, String mistake, int line, String message) {
        assertThat(PACKAGE.get(key)).contains(text);
        Map<String, String> content = new TreeMap<>(PACKAGE);
        int at = PACKAGE.get(key).indexOf(text);
        content.put(
                key,
                PACKAGE.get(key).substring(0, at)
                        + mistake
                        + PACKAGE.get(key).substring(at + text.length()));

        assertThat(problems(content))
                .anySatisfy(
                        problem -> {
                            assertThat(problem.key()).isEqualTo(key);
                            assertThat(problem.line()).isEqualTo(line);
                            assertThat(problem.message()).contains(message);
                        });
    }

    private static List<Problem> problems(Map<String, String> content) {
        return switch (ExtensionParser.parse(content)) {
            case ParsedExtension.Valid _ -> List.of();
            case ParsedExtension.Invalid(List<Problem> problems) -> problems;
        };
    }
}
