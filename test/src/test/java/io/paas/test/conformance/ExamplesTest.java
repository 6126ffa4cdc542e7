package io.paas.test.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.paas.api.json.Json;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every example that users copy is a valid object of ours and survives the way through its record.
class ExamplesTest {

    private static final Map<String, Class<?>> TYPES =
            Map.of(
                    "MiddlewareCluster", MiddlewareCluster.class,
                    "ExPodSet", ExPodSet.class,
                    "Operation", Operation.class);

    private static final ObjectMapper STRICT =
            Json.mapper()
                    .copy()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .disable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL);

    @Test
    void examplesSurviveTheirRecords() throws IOException {
        List<JsonNode> examples = examples();
        assertThat(examples).hasSizeGreaterThan(3);
        for (JsonNode example : examples) {
            Class<?> type = TYPES.get(example.path("kind").asText());
            assertThat(Json.tree(STRICT.treeToValue(example, type)))
                    .as(example.toString())
                    .isEqualTo(example);
        }
    }

    @Test
    void unknownFieldsAreNoticed() throws IOException {
        for (JsonNode example : examples()) {
            ObjectNode changed = example.deepCopy();
            ((ObjectNode) changed.path("spec")).put("replcias", 3);
            assertThatThrownBy(
                            () ->
                                    STRICT.treeToValue(
                                            changed, TYPES.get(example.path("kind").asText())))
                    .isInstanceOf(UnrecognizedPropertyException.class);
        }
    }

    /// Those of the extensions and those that stand beside this test; objects of other groups are
    /// not ours to check.
    private static List<JsonNode> examples() throws IOException {
        List<JsonNode> examples = new ArrayList<>();
        for (Path folder :
                List.of(
                        Path.of("..", "extensions"),
                        Path.of("src", "test", "resources", "examples"))) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file :
                        files.filter(f -> f.toString().contains("examples"))
                                .filter(f -> f.toString().endsWith(".yaml"))
                                .toList()) {
                    try (var documents =
                            new YAMLMapper().readerFor(JsonNode.class).readValues(file.toFile())) {
                        documents.forEachRemaining(
                                document -> {
                                    JsonNode node = (JsonNode) document;
                                    if (node.path("apiVersion").asText().equals(Kind.API_VERSION)) {
                                        examples.add(node);
                                    }
                                });
                    }
                }
            }
        }
        return examples;
    }
}
