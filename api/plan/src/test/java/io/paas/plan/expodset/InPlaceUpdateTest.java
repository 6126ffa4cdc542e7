package io.paas.plan.expodset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1Pod;
import io.paas.api.json.Json;
import io.paas.api.json.ModelGson;
import io.paas.api.meta.Annotations;
import io.paas.api.v1.ExPodSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class InPlaceUpdateTest {

    private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");
    private static final String OLD = template("main:1", "exporter:1", "1Gi");

    private String spec = "";
    private final Map<String, String> templates = new TreeMap<>(Map.of("s-old", OLD));
    private final TreeMap<Integer, ObservedPod> pods = new TreeMap<>();

    @Test
    void setsTheImageAndTheRecordThenWaitsThenMovesTheLabel() {
        templates.put("s-new", template("main:1", "exporter:2", "1Gi"));
        pod(0, "s-old", "exporter:1", "1Gi", "x1", null, "");
        var begin = (PodAction.UpdatePod) only();
        assertThat(begin.images())
                .containsOnly(Map.entry(new ContainerRef("containers", "exporter"), "exporter:2"));
        assertThat(begin.record().instances()).containsOnly(Map.entry("exporter", "x1"));

        pod(0, "s-old", "exporter:2", "1Gi", "x1", begin.record(), "");
        assertThat(actions()).as("still the old container").isEmpty();
        assertThat(plan().lookAgain()).isEqualTo(Duration.ofSeconds(90));

        pod(0, "s-old", "exporter:2", "1Gi", "x2", begin.record(), "");
        assertThat(only()).isEqualTo(new PodAction.FinishUpdate(0, "s-0", "uid-0", "s-new"));
    }

    @Test
    void resizesAndWaitsForTheKubelet() {
        templates.put("s-new", template("main:1", "exporter:1", "2Gi"));
        pod(0, "s-old", "exporter:1", "1Gi", "x1", null, "");
        assertThat(actions()).hasSize(2);
        var resize = (PodAction.ResizePod) actions().get(1);
        assertThat(resize.resources().get(new ContainerRef("containers", "main")).requests())
                .containsEntry("memory", "2Gi");

        pod(0, "s-old", "exporter:1", "1Gi", "x1", record("s-new", 1), "");
        assertThat(only()).as("killed between the two writes").isEqualTo(resize);

        pod(0, "s-old", "exporter:1", "2Gi", "x1", record("s-new", 1), "unseen");
        assertThat(actions()).as("the kubelet has not seen it").isEmpty();
        pod(0, "s-old", "exporter:1", "2Gi", "x1", record("s-new", 1), "PodResizeInProgress");
        assertThat(actions()).isEmpty();
        pod(0, "s-old", "exporter:1", "2Gi", "x1", record("s-new", 1), "");
        assertThat(only()).isInstanceOf(PodAction.FinishUpdate.class);
    }

    @Test
    void makesThePodAnewWhenTheNodeCannotGrantTheResizeOrNotInTime() {
        templates.put("s-new", template("main:1", "exporter:1", "2Gi"));

        pod(0, "s-old", "exporter:1", "2Gi", "x1", record("s-new", 89), "Deferred");
        assertThat(actions()).isEmpty();
        pod(0, "s-old", "exporter:1", "2Gi", "x1", record("s-new", 90), "Deferred");
        assertThat(only()).isInstanceOf(PodAction.DeletePod.class);
        pod(0, "s-old", "exporter:1", "2Gi", "x1", record("s-new", 1), "Infeasible");
        assertThat(only()).isInstanceOf(PodAction.DeletePod.class);
        pod(0, "s-old", "exporter:1", "1Gi", "x1", record("s-new", 90), "");
        assertThat(only()).as("refused by the API server").isInstanceOf(PodAction.DeletePod.class);
    }

    @Test
    void goesBackInPlaceWhenTheTemplateDoes() {
        templates.put("s-bad", template("main:1", "exporter:bad", "2Gi"));
        templates.put("s-new", OLD);
        templates.remove("s-old");
        pod(0, "s-new", "exporter:bad", "2Gi", "x1", record("s-bad", 10), "Deferred");

        assertThat(actions()).hasSize(2);
        assertThat(((PodAction.UpdatePod) actions().getFirst()).images())
                .containsValue("exporter:1");
        assertThat(((PodAction.ResizePod) actions().get(1)).resources().values())
                .allSatisfy(main -> assertThat(main.requests()).containsEntry("memory", "1Gi"));
    }

    @Test
    void givesUpOnAContainerThatNeverRestarts() {
        templates.put("s-new", template("main:1", "exporter:2", "1Gi"));
        InPlaceRecord record =
                new InPlaceRecord("s-new", NOW.minusSeconds(90), Map.of("exporter", "x1"));
        pod(0, "s-old", "exporter:2", "1Gi", "x1", record, "");

        assertThat(only()).isInstanceOf(PodAction.FinishUpdate.class);
    }

    @Test
    void onePodAfterTheOther() {
        templates.put("s-new", template("main:1", "exporter:2", "1Gi"));
        spec = "\"replicas\": 3,";
        for (int ordinal = 0; ordinal < 3; ordinal++) {
            pod(ordinal, "s-old", "exporter:1", "1Gi", "x1", null, "");
        }
        assertThat(only())
                .isInstanceOfSatisfying(
                        PodAction.UpdatePod.class,
                        update -> assertThat(update.ordinal()).isEqualTo(2));

        InPlaceRecord running = new InPlaceRecord("s-new", NOW, Map.of("exporter", "x1"));
        pod(2, "s-old", "exporter:2", "1Gi", "x1", running, "");
        assertThat(actions()).as("its readiness is the old container's").isEmpty();
        pod(2, "s-new", "exporter:2", "1Gi", "x2", null, "");
        assertThat(only())
                .isInstanceOfSatisfying(
                        PodAction.UpdatePod.class,
                        update -> assertThat(update.ordinal()).isEqualTo(1));
    }

    @Test
    void partitionOnDeleteAndPausedHoldInPlaceUpdatesBackToo() {
        templates.put("s-new", template("main:1", "exporter:2", "1Gi"));
        pod(0, "s-old", "exporter:1", "1Gi", "x1", null, "");

        for (String held :
                List.of(
                        "\"updateStrategy\": {\"partition\": 1},",
                        "\"updateStrategy\": {\"type\": \"OnDelete\"},",
                        "\"paused\": true,")) {
            spec = held;
            assertThat(actions()).as(held).isEmpty();
        }
    }

    @Test
    void whatHasBegunIsFinishedWhateverTheStrategySaysNow() {
        templates.put("s-new", template("main:1", "exporter:2", "1Gi"));
        pod(0, "s-old", "exporter:2", "1Gi", "x2", record("s-new", 5), "");
        spec = "\"updateStrategy\": {\"partition\": 1},";

        assertThat(only()).isInstanceOf(PodAction.FinishUpdate.class);
    }

    /// A canary of yet another template must not take along a Pod that is none.
    @Test
    void whatHasBegunBecomesNothingElseBelowThePartition() {
        templates.put("s-mid", template("main:1", "exporter:2", "1Gi"));
        templates.put("s-new", template("main:2", "exporter:3", "1Gi"));
        pod(0, "s-old", "exporter:2", "1Gi", "x2", record("s-mid", 5), "");

        for (String held :
                List.of(
                        "\"updateStrategy\": {\"partition\": 1},",
                        "\"updateStrategy\": {\"type\": \"OnDelete\"},")) {
            spec = held;
            assertThat(only()).isEqualTo(new PodAction.FinishUpdate(0, "s-0", "uid-0", "s-mid"));
        }
        spec = "";
        assertThat(only()).isInstanceOf(PodAction.DeletePod.class);
    }

    /// A missing Pod of OrderedReady waits for it in turn.
    @Test
    void whatHasBegunIsFinishedWhoeverIsMissing() {
        templates.put("s-new", template("main:1", "exporter:2", "1Gi"));
        spec = "\"replicas\": 3,";
        pod(0, "s-new", "exporter:2", "1Gi", "x2", null, "");
        pod(1, "s-old", "exporter:2", "1Gi", "x2", record("s-new", 5), "");

        assertThat(actions()).contains(new PodAction.FinishUpdate(1, "s-1", "uid-1", "s-new"));
    }

    @Test
    void anotherMainImageOrAForgottenRevisionNeedsAnotherPod() {
        templates.put("s-new", template("main:2", "exporter:2", "1Gi"));
        pod(0, "s-old", "exporter:1", "1Gi", "x1", null, "");
        assertThat(only()).isInstanceOf(PodAction.DeletePod.class);

        templates.put("s-new", template("main:1", "exporter:2", "1Gi"));
        pod(0, "s-gone", "exporter:1", "1Gi", "x1", null, "");
        assertThat(only()).isInstanceOf(PodAction.DeletePod.class);
    }

    @Test
    void keepsTheRevisionThatAPodIsBecoming() {
        spec = "\"revisionHistoryLimit\": 0,";
        templates.put("s-bad", template("main:1", "exporter:bad", "1Gi"));
        templates.put("s-new", OLD);
        templates.put("s-none", template("main:7", "exporter:7", "1Gi"));
        pod(0, "s-old", "exporter:bad", "1Gi", "x1", record("s-bad", 10), "");

        assertThat(actions())
                .contains(new PodAction.DeleteRevision("s-none"))
                .doesNotContain(new PodAction.DeleteRevision("s-bad"));
    }

    private PodAction only() {
        List<PodAction> actions = actions();
        assertThat(actions).hasSize(1);
        return actions.getFirst();
    }

    private List<PodAction> actions() {
        return plan().actions();
    }

    private ExPodSetPlan plan() {
        ExPodSet set =
                Json.read(
                        """
                        {"metadata": {"namespace": "ns", "name": "s", "uid": "u"},
                         "spec": {%s "serviceName": "svc", "podManagementPolicy": "Parallel",
                                  "selector": {"matchLabels": {}}, "template": %s}}"""
                                .formatted(spec, templates.get("s-new")),
                        ExPodSet.class);
        List<Revision> revisions = new ArrayList<>();
        templates.forEach((name, template) -> revisions.add(new Revision(name, 1, json(template))));
        return ExPodSetPlanner.plan(
                new ExPodSetSnapshot(
                        set,
                        Settings.of(set.spec()),
                        pods,
                        Map.of(),
                        revisions,
                        "s-new",
                        null,
                        NOW));
    }

    private static InPlaceRecord record(String revision, int secondsAgo) {
        return new InPlaceRecord(revision, NOW.minusSeconds(secondsAgo), Map.of());
    }

    /// A ready Pod.
    ///
    /// @param resize what its kubelet says of a resize; `unseen` when it has not looked yet
    private void pod(
            int ordinal,
            String revision,
            String exporter,
            String memory,
            String instance,
            InPlaceRecord record,
            String resize) {
        JsonObject pod =
                JsonParser.parseString(
                                """
                                {"metadata": {"name": "s-%1$d", "uid": "uid-%1$d", "generation": 2,
                                   "creationTimestamp": "2026-01-01T00:00:00Z",
                                   "labels": {"controller-revision-hash": "%2$s"},
                                   "annotations": {}},
                                 "spec": {"terminationGracePeriodSeconds": 30, "containers": [
                                   {"name": "main", "resources":
                                      {"requests": {"memory": "%4$s"}}},
                                   {"name": "exporter", "image": "%3$s"}]},
                                 "status": {"phase": "Running", "observedGeneration": %6$d,
                                   "startTime": "2026-01-01T00:00:00Z",
                                   "conditions": [{"type": "Ready", "status": "True",
                                     "lastTransitionTime": "2026-01-01T00:00:05Z"}%7$s],
                                   "containerStatuses": [
                                     {"name": "exporter", "containerID": "%5$s"}]}}"""
                                        .formatted(
                                                ordinal,
                                                revision,
                                                exporter,
                                                memory,
                                                instance,
                                                resize.equals("unseen") ? 1 : 2,
                                                condition(resize)))
                        .getAsJsonObject();
        if (record != null) {
            pod.getAsJsonObject("metadata")
                    .getAsJsonObject("annotations")
                    .addProperty(Annotations.IN_PLACE_UPDATE, record.text());
        }
        pods.put(ordinal, ObservedPod.of(ordinal, ModelGson.gson().fromJson(pod, V1Pod.class)));
    }

    private static String condition(String resize) {
        return switch (resize) {
            case "", "unseen" -> "";
            case "PodResizeInProgress" ->
                    ", {\"type\": \"PodResizeInProgress\", \"status\": \"True\"}";
            default ->
                    ", {\"type\": \"PodResizePending\", \"status\": \"True\", \"reason\": \"%s\"}"
                            .formatted(resize);
        };
    }

    private static String template(String main, String exporter, String memory) {
        return """
        {"spec": {"containers": [
          {"name": "main", "image": "%s", "resources": {"requests": {"memory": "%s"}}},
          {"name": "exporter", "image": "%s"}]}}"""
                .formatted(main, memory, exporter);
    }

    private static JsonNode json(String text) {
        return Json.read(text, JsonNode.class);
    }
}
