package io.paas.controllers.expodset;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1Pod;
import io.paas.api.meta.Annotations;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.Kind;
import io.paas.controllers.runtime.ControllerContext;
import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.ApiResource;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.DeleteOptions;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.controller.EventRecorder;
import io.paas.kube.informer.WrittenVersions;
import io.paas.plan.expodset.ExPodSetSnapshot;
import io.paas.plan.expodset.ObservedPod;
import io.paas.plan.expodset.PodAction;
import io.paas.plan.expodset.PodRenderer;
import io.paas.plan.expodset.Revision;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries actions out. Each is idempotent, and each answer of the server is written down, so that
/// nothing is planned on a cache that does not show it yet.
final class PodActionExecutor {

    static final ApiResource<ExPodSet> SETS = ApiResource.own(Kind.EXPODSET);

    private static final Logger log = LoggerFactory.getLogger(PodActionExecutor.class);

    private final KubeClient kube;
    private final ResourceClient<V1Pod> pods;
    private final ResourceClient<V1PersistentVolumeClaim> claims;
    private final ResourceClient<ExPodSet> sets;
    private final EventRecorder events;
    private final WrittenVersions written;
    private final Ownership ownership;
    private final PostScaleOut hook;
    private final PodCalls calls;
    private final InPlaceExecutor inPlace;

    PodActionExecutor(
            ControllerContext context,
            WrittenVersions written,
            Ownership ownership,
            PostScaleOut hook,
            PodCalls calls) {
        this.kube = context.kube();
        this.pods = kube.of(BuiltIn.PODS);
        this.claims = kube.of(BuiltIn.CLAIMS);
        this.sets = kube.of(SETS);
        this.events = context.events();
        this.written = written;
        this.ownership = ownership;
        this.hook = hook;
        this.calls = calls;
        this.inPlace = new InPlaceExecutor(pods);
    }

    /// What came of it.
    ///
    /// @param made Pods that were created
    record Applied(List<Problem> problems, List<ObservedPod> made) {}

    /// Does everything that can be done; one Pod's problem does not keep the others waiting.
    ///
    /// @param changed told when a call that was started here has ended
    Applied apply(ExPodSetSnapshot snapshot, List<PodAction> actions, Runnable changed) {
        List<Problem> problems = new ArrayList<>();
        List<ObservedPod> made = new ArrayList<>();
        Set<Integer> held = new HashSet<>();
        for (PodAction action : actions) {
            if (waitsForClaims(action, held)) {
                continue;
            }
            try {
                log.info("{}: {}", ObjectKey.of(snapshot.set()), action);
                apply(snapshot, action, made, changed);
            } catch (NameTaken taken) {
                problems.add(new Problem("NameTaken", taken.getMessage()));
            } catch (ApiFailure failure) {
                switch (action) {
                    case PodAction.CreateClaim claim -> held.add(claim.ordinal());
                    case PodAction.UpdateClaim claim -> held.add(claim.ordinal());
                    default -> {}
                }
                if (action instanceof PodAction.UpdateClaim claim
                        && failure instanceof ApiFailure.Conflict) {
                    lookAgain(snapshot.set(), claim, changed);
                } else {
                    problems.add(problem(snapshot.set(), action, failure));
                }
            }
        }
        return new Applied(problems, made);
    }

    /// A Pod comes after its claims, and goes after they say whether they go with it.
    private static boolean waitsForClaims(PodAction action, Set<Integer> held) {
        return switch (action) {
            case PodAction.CreatePod create -> held.contains(create.ordinal());
            case PodAction.DeletePod delete ->
                    delete.why() == PodAction.Why.SCALED_IN && held.contains(delete.ordinal());
            default -> false;
        };
    }

    /// Somebody changed the claim after the cache saw it, as the volume controller does when it
    /// binds one: no problem, only too early.
    private void lookAgain(ExPodSet set, PodAction.UpdateClaim update, Runnable changed) {
        claims.find(key(set, update.name())).ifPresent(claim -> wrote(set, BuiltIn.CLAIMS, claim));
        changed.run();
    }

    private void apply(
            ExPodSetSnapshot snapshot, PodAction action, List<ObservedPod> made, Runnable changed) {
        ExPodSet set = snapshot.set();
        switch (action) {
            case PodAction.CreateClaim(int ordinal, String template) ->
                    createClaim(set, ordinal, template);
            case PodAction.UpdateClaim update -> updateClaim(set, update);
            case PodAction.CreatePod create -> create(snapshot, create).ifPresent(made::add);
            case PodAction.DeletePod delete -> deletePod(set, delete);
            case PodAction.PatchPod patch -> patchPod(set, patch);
            case PodAction.UpdatePod update -> {
                inPlace.begin(namespace(set), update).ifPresent(pod -> wrote(set, pod));
                events.normal(set, "UpdatePod", "UpdatingInPlace", "updates Pod " + update.name());
            }
            case PodAction.ResizePod resize ->
                    inPlace.resize(namespace(set), resize).ifPresent(pod -> wrote(set, pod));
            case PodAction.FinishUpdate finish ->
                    inPlace.finish(namespace(set), finish).ifPresent(pod -> wrote(set, pod));
            case PodAction.GatePod gate ->
                    inPlace.gate(namespace(set), gate, snapshot.now())
                            .ifPresent(pod -> wrote(set, pod));
            case PodAction.RecordJoined(String ordinals) -> {
                recordJoined(set, ordinals);
                hook.recorded(ObjectKey.of(set));
            }
            case PodAction.CallPostScaleOut call ->
                    hook.start(snapshot, call, this::recordJoined, changed);
            case PodAction.CallPreScaleIn call -> calls.leaves().start(snapshot, call, changed);
            case PodAction.AskOrder ask -> calls.orders().start(snapshot, ask, changed);
            case PodAction.DeleteRevision(String name) ->
                    kube.of(BuiltIn.REVISIONS)
                            .delete(key(set, name), DeleteOptions.PLAIN)
                            .ifPresent(answer -> wrote(set, BuiltIn.REVISIONS, answer));
        }
    }

    private void createClaim(ExPodSet set, int ordinal, String template) {
        try {
            V1PersistentVolumeClaim answer =
                    claims.create(namespace(set), gson(PodRenderer.claim(set, ordinal, template)));
            wrote(set, BuiltIn.CLAIMS, answer);
        } catch (ApiFailure.Conflict conflict) {
            // A retained claim of this name is the Pod's old data: that is the point of it.
            if (!conflict.alreadyExists()) {
                throw conflict;
            }
        }
    }

    private void updateClaim(ExPodSet set, PodAction.UpdateClaim update) {
        JsonObject body = new JsonObject();
        body.add("metadata", gson(update.metadata()));
        wrote(set, BuiltIn.CLAIMS, claims.patch(key(set, update.name()), new Patch.Merge(body)));
    }

    /// Empty when it was there already.
    private Optional<ObservedPod> create(ExPodSetSnapshot snapshot, PodAction.CreatePod create) {
        ExPodSet set = snapshot.set();
        int ordinal = create.ordinal();
        Revision revision =
                Objects.requireNonNull(snapshot.revision(create.revision()), create.revision());
        try {
            V1Pod answer =
                    pods.create(namespace(set), gson(PodRenderer.pod(set, ordinal, revision)));
            wrote(set, BuiltIn.PODS, answer);
            events.normal(set, "CreatePod", "SuccessfulCreate", "created Pod " + name(answer));
            return Optional.of(ObservedPod.of(ordinal, answer));
        } catch (ApiFailure.Conflict conflict) {
            if (!conflict.alreadyExists()) {
                throw conflict;
            }
            requireOurs(set, ordinal);
            return Optional.empty();
        }
    }

    /// The name is in use: by our own Pod that the cache did not show, or by somebody else's.
    private void requireOurs(ExPodSet set, int ordinal) {
        ObjectKey key = key(set, set.metadata().getName() + "-" + ordinal);
        V1Pod present = pods.find(key).orElse(null);
        if (present == null) {
            return;
        }
        ownership.settle(set, present);
    }

    private void deletePod(ExPodSet set, PodAction.DeletePod delete) {
        try {
            pods.delete(key(set, delete.name()), DeleteOptions.ofUid(delete.uid()))
                    .ifPresent(answer -> wrote(set, BuiltIn.PODS, answer));
            events.normal(
                    set,
                    "DeletePod",
                    "SuccessfulDelete",
                    "deleted Pod " + delete.name() + ": " + said(delete.why()));
        } catch (ApiFailure.Conflict _) {
            // Another Pod has the name by now; the next look shows it.
            log.debug("{} is not the Pod that was seen", delete.name());
        }
    }

    private void patchPod(ExPodSet set, PodAction.PatchPod patch) {
        JsonObject metadata = new JsonObject();
        metadata.add("labels", json(patch.labels()));
        metadata.add("annotations", json(patch.annotations()));
        JsonObject body = new JsonObject();
        body.add("metadata", metadata);
        try {
            wrote(set, BuiltIn.PODS, pods.patch(key(set, patch.name()), new Patch.Merge(body)));
        } catch (ApiFailure.NotFound _) {
            log.debug("{} went before it was patched", patch.name());
        }
    }

    /// Of exactly this set: another one of its name has nobody who joined.
    private void recordJoined(ExPodSet set, String ordinals) {
        JsonObject annotations = new JsonObject();
        annotations.addProperty(Annotations.JOINED_ORDINALS, ordinals);
        JsonObject metadata = new JsonObject();
        metadata.addProperty("uid", set.metadata().getUid());
        metadata.add("annotations", annotations);
        JsonObject body = new JsonObject();
        body.add("metadata", metadata);
        ObjectKey key = ObjectKey.of(set);
        written.wrote(key, SETS, sets.patch(key, new Patch.Merge(body)));
    }

    private Problem problem(ExPodSet set, PodAction action, ApiFailure failure) {
        String reason =
                switch (action) {
                    case PodAction.CreatePod _ ->
                            failure instanceof ApiFailure.Invalid
                                    ? Problem.INVALID_TEMPLATE
                                    : "FailedCreate";
                    case PodAction.CreateClaim _ -> "FailedCreateClaim";
                    case PodAction.UpdateClaim _ -> "FailedUpdateClaim";
                    case PodAction.DeletePod _ -> "FailedDelete";
                    default -> "FailedUpdate";
                };
        String message = text(action) + ": " + failure.getMessage();
        events.warning(set, action.getClass().getSimpleName(), reason, message);
        return new Problem(reason, message);
    }

    /// The same for each attempt, so that the status is not written again and Events are counted.
    private static String text(PodAction action) {
        return switch (action) {
            case PodAction.UpdatePod update -> "update of Pod " + update.name();
            case PodAction.UpdateClaim update -> "update of claim " + update.name();
            default -> action.toString();
        };
    }

    private void wrote(ExPodSet set, V1Pod answer) {
        wrote(set, BuiltIn.PODS, answer);
    }

    private void wrote(ExPodSet set, ApiResource<?> resource, KubernetesObject answer) {
        written.wrote(ObjectKey.of(set), resource, answer);
    }

    private static String said(PodAction.Why why) {
        return switch (why) {
            case FAILED -> "it had ended";
            case SCALED_IN -> "its ordinal is not in the running set";
            case OUTDATED -> "its template changed";
            case OUTDATED_NEVER_READY -> "its template changed and it had never become Ready";
        };
    }

    private static ObjectKey key(ExPodSet set, String name) {
        return new ObjectKey(namespace(set), name);
    }

    private static String namespace(ExPodSet set) {
        return Objects.requireNonNull(set.metadata().getNamespace());
    }

    private static String name(KubernetesObject object) {
        return String.valueOf(object.getMetadata().getName());
    }

    private static JsonObject gson(JsonNode node) {
        return JsonParser.parseString(node.toString()).getAsJsonObject();
    }

    private static JsonObject json(Map<String, String> map) {
        JsonObject object = new JsonObject();
        map.forEach(object::addProperty);
        return object;
    }
}
