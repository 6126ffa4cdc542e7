package io.paas.plan.expodset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.api.json.Json;
import io.paas.plan.expodset.TemplateChange.InPlace;
import io.paas.plan.expodset.TemplateChange.Nothing;
import io.paas.plan.expodset.TemplateChange.Recreate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateChangeTest {

    private static final String TEMPLATE =
            """
            {"spec": {
               "initContainers": [
                 {"name": "agent", "image": "agent:1", "restartPolicy": "Always"},
                 {"name": "setup", "image": "setup:1"},
                 {"name": "logs", "image": "logs:1", "restartPolicy": "Always"}],
               "containers": [
                 {"name": "main", "image": "main:1", "args": ["a"],
                  "resources": {"requests": {"cpu": "1", "memory": "1Gi"},
                                "limits": {"memory": "2Gi"}}},
                 {"name": "exporter", "image": "exporter:1"}],
               "nodeSelector": {"disk": "fast"}}}""";

    @ParameterizedTest
    @CsvSource({
        "main:1, main:2",
        "setup:1, setup:2",
        "'\"a\"', '\"b\"'",
        "fast, slow",
        "'\"requests\": {\"cpu\": \"1\", \"memory\": \"1Gi\"},', ''",
        "'\"limits\": {\"memory\": \"2Gi\"}', '\"limits\": {\"memory\": \"2Gi\", \"gpu\": \"1\"}'"
    })
    void theseNeedAnotherPod(String from, String to) {
        assertThat(change(from, to)).isEqualTo(new Recreate());
    }

    @ParameterizedTest
    @CsvSource({"exporter, containers", "logs, initContainers"})
    void imagesOfSidecarsGoInPlace(String name, String list) {
        InPlace change = (InPlace) change(name + ":1", name + ":2");

        assertThat(change.images())
                .containsOnly(java.util.Map.entry(new ContainerRef(list, name), name + ":2"));
        assertThat(change.resources()).isEmpty();
    }

    @Test
    void cpuAndMemoryGoInPlaceAndWhatIsOnlyLimitedIsRequestedToo() {
        InPlace change =
                (InPlace)
                        change(
                                "\"limits\": {\"memory\": \"2Gi\"}",
                                "\"limits\": {\"memory\": \"3Gi\", \"cpu\": \"2\"}");

        ContainerResources main = change.resources().get(new ContainerRef("containers", "main"));
        assertThat(main.limits()).containsEntry("memory", "3Gi").containsEntry("cpu", "2");
        assertThat(main.requests()).containsEntry("memory", "1Gi").containsEntry("cpu", "1");
        assertThat(change.images()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'\"cpu\": \"1\"', '\"cpu\": \"1000m\"'", "agent:1, agent:2"})
    void theseNeedNothing(String from, String to) {
        assertThat(change(from, to)).isEqualTo(new Nothing());
    }

    /// The API server refuses a resize that changes it.
    @Test
    void anotherQosClassNeedsAnotherPod() {
        String guaranteed =
                "{\"spec\": {\"containers\": [{\"name\": \"c\", \"resources\": {\"limits\":"
                        + " {\"cpu\": \"1\", \"memory\": \"1Gi\"}}}]}}";
        String burstable =
                guaranteed.replace("\"limits\":", "\"requests\": {\"cpu\": \"500m\"}, \"limits\":");
        String larger = guaranteed.replace("1Gi", "2Gi");

        assertThat(change2(guaranteed, larger)).isInstanceOf(InPlace.class);
        assertThat(change2(guaranteed, burstable)).isEqualTo(new Recreate());
        assertThat(change2("{\"spec\": {\"containers\": [{\"name\": \"c\"}]}}", guaranteed))
                .isEqualTo(new Recreate());
    }

    @Test
    void inAPodOfOtherNamesTheFirstContainerIsTheMainOne() {
        String template = TEMPLATE.replace("\"main\"", "\"web\"");

        assertThat(change2(template, template.replace("main:1", "main:2")))
                .isEqualTo(new Recreate());
        assertThat(change2(template, template.replace("exporter:1", "exporter:2")))
                .isInstanceOf(InPlace.class);
    }

    @Test
    void twoChangesTogetherNeedWhatEitherNeeds() {
        TemplateChange image = change("exporter:1", "exporter:2");
        TemplateChange size = change("2Gi", "4Gi");

        InPlace both = (InPlace) image.and(size);
        assertThat(both.images()).hasSize(1);
        assertThat(both.resources()).hasSize(1);
        assertThat(image.and(new Recreate())).isEqualTo(new Recreate());
        assertThat(new Nothing().and(image)).isEqualTo(image);
    }

    private static TemplateChange change(String from, String to) {
        String after = TEMPLATE.replace(from, to == null ? "" : to);
        assertThat(after).isNotEqualTo(TEMPLATE);
        return change2(TEMPLATE, after);
    }

    private static TemplateChange change2(String before, String after) {
        return TemplateChange.between(
                Json.read(before, JsonNode.class), Json.read(after, JsonNode.class));
    }
}
