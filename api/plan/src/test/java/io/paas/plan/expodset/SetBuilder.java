package io.paas.plan.expodset;

import com.fasterxml.jackson.databind.JsonNode;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.kubernetes.client.openapi.models.V1Pod;
import io.paas.api.json.Json;
import io.paas.api.meta.Annotations;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.ProcessState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A snapshot with defaults: set `s` with Parallel Pods at revision `s-new`; only `s-old` is older.
final class SetBuilder {

    static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");

    /// Needs other Pods than the set's own template.
    private static final String OTHER_TEMPLATE =
            "{\"spec\": {\"containers\": [{\"name\": \"main\", \"image\": \"old\"}]}}";

    private int replicas = 3;
    private List<String> offline = List.of();
    private ExPodSet.PodManagementPolicy policy = ExPodSet.PodManagementPolicy.PARALLEL;
    private ExPodSet.UpdateStrategy strategy = new ExPodSet.UpdateStrategy(null, 0, 1);
    private int minReadySeconds;
    private boolean paused;
    private String template = "{\"metadata\": {\"labels\": {\"app\": \"s\"}}, \"spec\": {}}";
    private ProcessState processState = ProcessState.RUNNING;
    private List<String> restartOrder = List.of();
    private ExPodSet.Hooks hooks;
    private ExPodSet.Status status;
    private String joined;
    private String retry;
    private ExPodSetSnapshot.HookState hookState;
    private ExPodSet.ClaimRetentionPolicy retention;
    private HookCalls calls = HookCalls.NONE;
    private final TreeMap<Integer, ObservedPod> pods = new TreeMap<>();
    private final TreeMap<String, ObservedClaim> claims = new TreeMap<>();

    static SetBuilder aSet() {
        return new SetBuilder();
    }

    SetBuilder replicas(int value, String... offlineOrdinals) {
        replicas = value;
        offline = List.of(offlineOrdinals);
        return this;
    }

    SetBuilder template(String text) {
        template = text;
        return this;
    }

    SetBuilder ordered() {
        policy = ExPodSet.PodManagementPolicy.ORDERED_READY;
        return this;
    }

    SetBuilder strategy(ExPodSet.UpdateType type, int partition, int maxUnavailable) {
        strategy = new ExPodSet.UpdateStrategy(type, partition, maxUnavailable);
        return this;
    }

    SetBuilder minReadySeconds(int seconds) {
        minReadySeconds = seconds;
        return this;
    }

    SetBuilder paused() {
        paused = true;
        return this;
    }

    SetBuilder stopped() {
        processState = ProcessState.STOPPED;
        return this;
    }

    SetBuilder restartOrder(String... roles) {
        restartOrder = List.of(roles);
        return this;
    }

    SetBuilder retry(String operation) {
        retry = operation;
        return this;
    }

    SetBuilder hook(String joinedOrdinals) {
        hooks =
                new ExPodSet.Hooks(
                        new ExPodSet.PostScaleOut(10, 2, 5, null, Map.of()),
                        hooks == null ? null : hooks.preScaleIn(),
                        null);
        joined = joinedOrdinals;
        return this;
    }

    SetBuilder asksForTheOrder(ExPodSet.OnOrderFailure onFailure) {
        hooks = new ExPodSet.Hooks(null, null, new ExPodSet.RestartOrder(10, onFailure, Map.of()));
        return this;
    }

    SetBuilder preScaleIn(ExPodSet.OnLeaveFailure onFailure) {
        hooks =
                new ExPodSet.Hooks(
                        hooks == null ? null : hooks.postScaleOut(),
                        new ExPodSet.PreScaleIn(10, 2, 5, 60, onFailure, Map.of()),
                        null);
        return this;
    }

    SetBuilder calls(HookCalls known) {
        calls = known;
        return this;
    }

    SetBuilder hookState(ExPodSetSnapshot.HookState state) {
        hookState = state;
        return this;
    }

    SetBuilder retention(ExPodSet.ClaimRetention deleted, ExPodSet.ClaimRetention scaled) {
        retention = new ExPodSet.ClaimRetentionPolicy(deleted, scaled);
        return this;
    }

    /// Claim `data-s-<ordinal>`, made by the set.
    SetBuilder claim(int ordinal, String mark, V1OwnerReference... owners) {
        String name = "data-s-" + ordinal;
        claims.put(name, new ObservedClaim(ordinal, name, "7", false, true, List.of(owners), mark));
        return this;
    }

    SetBuilder terminatingClaim(int ordinal) {
        String name = "data-s-" + ordinal;
        claims.put(name, new ObservedClaim(ordinal, name, "7", true, true, List.of(), null));
        return this;
    }

    SetBuilder ready(String revision, int... ordinals) {
        for (int ordinal : ordinals) {
            pod(ordinal, revision, "", "Running", NOW.minusSeconds(100), false);
        }
        return this;
    }

    SetBuilder readySince(int ordinal, int seconds) {
        return pod(ordinal, "s-new", "", "Running", NOW.minusSeconds(seconds), false);
    }

    SetBuilder role(int ordinal, String revision, String role) {
        return pod(ordinal, revision, role, "Running", NOW.minusSeconds(100), false);
    }

    SetBuilder neverReady(String revision, int... ordinals) {
        for (int ordinal : ordinals) {
            pod(ordinal, revision, "", "Pending", null, false);
        }
        return this;
    }

    SetBuilder stoppedSinceCreation(int ordinal, String revision) {
        return pod(ordinal, revision, "", "Running", null, false);
    }

    SetBuilder nowUnready(int ordinal, String revision) {
        pod(ordinal, revision, "", "Running", null, false);
        ObservedPod p = pods.get(ordinal);
        pods.put(ordinal, copy(p, p.created(), false));
        return this;
    }

    SetBuilder failedSecondsAfterCreation(int ordinal, int seconds) {
        phase(ordinal, "Failed");
        ObservedPod p = pods.get(ordinal);
        pods.put(ordinal, copy(p, NOW.minusSeconds(seconds), p.neverReady()));
        return this;
    }

    /// Ordinal 0 as the API server has it.
    SetBuilder pod(V1Pod pod) {
        pods.put(0, ObservedPod.of(0, pod));
        return this;
    }

    SetBuilder phase(int ordinal, String phase) {
        return pod(ordinal, "s-new", "", phase, null, false);
    }

    SetBuilder observed(ObservedPod pod) {
        pods.put(pod.ordinal(), pod);
        return this;
    }

    SetBuilder terminating(int ordinal) {
        return pod(ordinal, "s-new", "", "Running", NOW.minusSeconds(100), true);
    }

    ExPodSetSnapshot snapshot() {
        V1ObjectMeta metadata =
                new V1ObjectMeta().namespace("ns").name("s").uid("u").generation(1L);
        if (joined != null) {
            metadata.putAnnotationsItem(Annotations.JOINED_ORDINALS, joined);
        }
        if (retry != null) {
            metadata.putAnnotationsItem(Annotations.RETRY, retry);
        }
        ExPodSet.Spec spec =
                new ExPodSet.Spec(
                        replicas,
                        offline,
                        "svc",
                        new ExPodSet.Selector(Map.of("app", "s")),
                        json(template),
                        List.of(json("{\"metadata\": {\"name\": \"data\"}}")),
                        retention,
                        policy,
                        strategy,
                        null,
                        minReadySeconds,
                        2,
                        paused,
                        processState,
                        restartOrder,
                        hooks);
        ExPodSet set = new ExPodSet("paas.io/v1", "ExPodSet", metadata, spec, status);
        TreeMap<String, ObservedClaim> all = new TreeMap<>(claims);
        for (int i = 0; i < 20; i++) {
            all.putIfAbsent(
                    "data-s-" + i,
                    new ObservedClaim(i, "data-s-" + i, "1", false, false, List.of(), null));
        }
        List<Revision> revisions =
                new ArrayList<>(
                        List.of(
                                new Revision("s-old", 1, json(OTHER_TEMPLATE)),
                                new Revision("s-new", 2, spec.template())));
        return new ExPodSetSnapshot(
                        set, Settings.of(spec), pods, all, revisions, "s-new", hookState, NOW)
                .with(calls);
    }

    private SetBuilder pod(
            int ordinal,
            String revision,
            String role,
            String phase,
            Instant readySince,
            boolean terminating) {
        pods.put(
                ordinal,
                new ObservedPod(
                        ordinal,
                        "s-" + ordinal,
                        "uid-" + ordinal,
                        phase,
                        terminating,
                        NOW.minusSeconds(200),
                        readySince,
                        readySince == null,
                        revision,
                        role,
                        "10.0.0." + ordinal,
                        Map.of("app", "s"),
                        Map.of(),
                        new PodDetails(new V1Pod())));
        return this;
    }

    private static ObservedPod copy(ObservedPod p, Instant created, boolean neverReady) {
        return new ObservedPod(
                p.ordinal(),
                p.name(),
                p.uid(),
                p.phase(),
                p.terminating(),
                created,
                p.readySince(),
                neverReady,
                p.revision(),
                p.role(),
                p.ip(),
                p.labels(),
                p.annotations(),
                p.details());
    }

    private static JsonNode json(String text) {
        return Json.read(text, JsonNode.class);
    }
}
