package io.paas.test.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.api.extension.ExtensionPackage;
import io.paas.api.extension.ExtensionParser;
import io.paas.api.extension.ParsedExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The packages that only tests use are valid, and are what their tests rely on.
class TestPackagesTest {

    @Test
    void scriptedHasTheHooks() throws IOException {
        ExtensionPackage scripted = read("scripted", "package");

        assertThat(scripted.hooks().restartOrder()).isNotNull();
        assertThat(scripted.hooks().preScaleIn()).isNotNull();
        assertThat(Files.readString(Path.of("packages", "scripted", "lifecycle", "lifecycle.yaml")))
                .contains("- path: restart-order\n", "- path: pre-scale-in\n");
    }

    @Test
    void plainHasNone() throws IOException {
        assertThat(read("plain", "").hooks())
                .isEqualTo(new ExtensionPackage.Hooks(null, null, null));
    }

    private static ExtensionPackage read(String name, String folder) throws IOException {
        Path path = Path.of("packages", name, folder);
        Map<String, String> content =
                Map.of(
                        "extension.yaml", Files.readString(path.resolve("extension.yaml")),
                        "pod.node.yaml", Files.readString(path.resolve("pod.node.yaml")));
        ParsedExtension parsed = ExtensionParser.parse(content);
        assertThat(parsed).isInstanceOf(ParsedExtension.Valid.class);
        return ((ParsedExtension.Valid) parsed).extension();
    }
}
