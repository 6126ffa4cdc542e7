package io.paas.plan.expodset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.api.json.Json;
import io.paas.api.v1.ExPodSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpdateRevisionTest {

    private static final String TEMPLATE =
            """
            {"spec": {
              "containers": [{"name": "main", "image": "main:1",
                "env": [{"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
                        {"name": "EMPTY"}],
                "volumeMounts": [{"name": "files", "mountPath": "/files"}],
                "resources": {"limits": {"cpu": "1"}}}],
              "volumes": [{"name": "files", "configMap": {"name": "f"}}, {"name": "scratch"},
                {"name": "all", "projected": {"sources": [
                  {"serviceAccountToken": {"path": "token"}}]}},
                {"name": "host", "hostPath": {"path": "/dev"}}]}}""";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"name\": \"f\"| \"name\": \"f\", \"defaultMode\": 420",
                "{\"name\": \"scratch\"}| {\"name\": \"scratch\", \"emptyDir\": {}}",
                "\"projected\": {| \"projected\": {\"defaultMode\": 420,",
                "\"path\": \"token\"| \"path\": \"token\", \"expirationSeconds\": 3600",
                "\"path\": \"/dev\"| \"path\": \"/dev\", \"type\": \"\"",
                "\"fieldPath\"| \"apiVersion\": \"v1\", \"fieldPath\"",
                "\"EMPTY\"| \"EMPTY\", \"value\": \"\"",
                "\"/files\"| \"/files\", \"readOnly\": false",
                "\"cpu\": \"1\"| \"cpu\": \"1000m\"",
                "\"limits\"| \"requests\": {\"cpu\": \"1\"}, \"limits\"",
            })
    void aDefaultMadeExplicitIsTheSameRevision(String from, String to) {
        String explicit = TEMPLATE.replace(from, to);
        assertThat(explicit).isNotEqualTo(TEMPLATE);

        assertThat(name(explicit, revision("s-old", 1, TEMPLATE))).isEqualTo("s-old");
        assertThat(name(TEMPLATE, revision("s-old", 1, explicit))).isEqualTo("s-old");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"name\": \"f\"| \"name\": \"f\", \"defaultMode\": 384",
                "\"/files\"| \"/files\", \"readOnly\": true",
                "\"cpu\": \"1\"| \"cpu\": \"1001m\"",
                "\"limits\"| \"requests\": {\"cpu\": \"500m\"}, \"limits\"",
                "main:1| main:2",
            })
    void anythingElseIsAnotherRevision(String from, String to) {
        String other = TEMPLATE.replace(from, to);

        assertThat(name(other, revision("s-old", 1, TEMPLATE)))
                .isEqualTo("s-" + TemplateHash.of(json(other)));
    }

    @Test
    void theNewestOfSeveralWins() {
        String explicit = TEMPLATE.replace("\"EMPTY\"", "\"EMPTY\", \"value\": \"\"");
        String byHash = "s-" + TemplateHash.of(json(TEMPLATE));

        assertThat(
                        name(
                                TEMPLATE,
                                revision(byHash, 1, TEMPLATE),
                                revision("s-newest", 3, explicit),
                                revision("s-other", 2, "{\"spec\": {}}")))
                .isEqualTo("s-newest");
    }

    private static String name(String template, Revision... revisions) {
        ExPodSet set = SetBuilder.aSet().template(template).snapshot().set();
        return UpdateRevision.name(set, List.of(revisions));
    }

    private static Revision revision(String name, long number, String template) {
        return new Revision(name, number, json(template));
    }

    private static JsonNode json(String text) {
        return Json.read(text, JsonNode.class);
    }
}
