package io.paas.plan.expodset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.api.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateHashTest {

    private static final String TEMPLATE =
            """
            {"metadata": {"labels": {"a": "b"}},
             "spec": {
               "initContainers": [{"name": "agent", "image": "agent:1"}],
               "containers": [{"name": "main", "image": "main:1", "command": ["run"],
                 "env": [{"name": "X", "value": "1"}], "resources": {"limits": {"cpu": "1"}}},
                 {"name": "exporter", "image": "exporter:1"}],
               "volumes": [{"name": "v", "emptyDir": {}}]}}""";

    @ParameterizedTest
    @CsvSource({"main:1", "exporter:1", "run", "X", "\"cpu\": \"1\"", "emptyDir"})
    void countsWhatTheProcessRunsWith(String part) {
        assertThat(hash(TEMPLATE.replace(part, part.replaceAll("[1a-zA-Z]\"?$", "2$0"))))
                .isNotEqualTo(hash(TEMPLATE));
    }

    @ParameterizedTest
    @CsvSource({"agent:1, agent:2", "\"a\": \"b\", \"a\": \"c\""})
    void doesNotCountThePlatformsOwnPartsAndLabels(String from, String to) {
        assertThat(TEMPLATE).contains(from);
        assertThat(hash(TEMPLATE.replace(from, to))).isEqualTo(hash(TEMPLATE));
    }

    /// Revisions are named by it: another result would restart every Pod there is.
    @Test
    void isTheSameInEveryVersionOfThePlatform() {
        assertThat(hash(TEMPLATE)).isEqualTo("un026s233r");
    }

    @Test
    void theOrderOfKeysDoesNotMatter() {
        assertThat(hash("{\"spec\": {\"containers\": [{\"image\": \"i\", \"name\": \"n\"}]}}"))
                .isEqualTo(
                        hash("{\"spec\": {\"containers\": [{\"name\": \"n\", \"image\": \"i\"}]}}"))
                .hasSize(10)
                .matches("[0-9a-z]+");
    }

    private static String hash(String template) {
        return TemplateHash.of(Json.read(template, JsonNode.class));
    }
}
