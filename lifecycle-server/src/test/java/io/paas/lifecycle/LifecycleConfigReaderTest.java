package io.paas.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LifecycleConfigReaderTest {
    private static final String GOOD =
            """
            apiVersion: middleware.paas.io/v1
            kind: LifecycleAPIConfig
            extension: demo
            apis:
            - path: post-scale-out
              command: [/opt/extension/bin/post-scale-out, --all]
              timeoutSeconds: 120
              retries: 2
              concurrency: parallel
              exitCodes: {9: not-yet}
            """;

    @Test
    void readsAHook() {
        Hook hook = LifecycleConfigReader.read(GOOD).hook("post-scale-out").orElseThrow();

        assertThat(hook.command()).containsExactly("/opt/extension/bin/post-scale-out", "--all");
        assertThat(hook.timeoutSeconds()).isEqualTo(120);
        assertThat(hook.parallel()).isTrue();
        assertThat(Outcome.of(hook, 9)).isEqualTo(Outcome.NOT_YET);
        assertThat(Outcome.of(hook, 75)).isEqualTo(Outcome.NOT_YET);
        assertThat(Outcome.of(hook, 1)).isEqualTo(Outcome.FAILED);
    }

    @Test
    void namesKeyAndLineOfAMistake() {
        refuses(
                GOOD.replace("retries: 2", "retrys: 2"),
                "lifecycle.yaml:8: apis[0].retrys: unknown");
        refuses(GOOD.replace("120", "0"), "lifecycle.yaml:7: apis[0].timeoutSeconds: must be");
        refuses(GOOD.replace("120", "soon"), "lifecycle.yaml:7: apis[0].timeoutSeconds: must be");
        refuses(GOOD.replace("parallel", "twice"), "lifecycle.yaml:9: apis[0].concurrency");
        refuses(GOOD.replace("not-yet", "later"), "exitCodes");
        refuses(GOOD.replace("path: post-scale-out", "path: ../x"), "apis[0].path");
        refuses(GOOD.replace("path: post-scale-out", "path: runs"), "path of the server itself");
        refuses(GOOD.replace("[/opt", "[opt"), "absolute path");
        refuses(GOOD.replace("LifecycleAPIConfig", "Else"), "kind: must be LifecycleAPIConfig");
        refuses(GOOD + "- {path: post-scale-out, command: [/x]}\n", "stands twice");
        refuses("a: [", "no YAML");
        refuses("", "empty");
    }

    private static void refuses(String text, String message) {
        assertThatThrownBy(() -> LifecycleConfigReader.read(text))
                .isInstanceOf(LifecycleConfigException.class)
                .hasMessageContaining(message);
    }
}
