package io.paas.controllers.expodset;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1ControllerRevision;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.kubernetes.client.openapi.models.V1Pod;
import io.paas.api.meta.Labels;
import io.paas.api.v1.ExPodSet;
import io.paas.controllers.runtime.ControllerContext;
import io.paas.controllers.runtime.Informers;
import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.controller.EventRecorder;
import io.paas.kube.informer.Informer;
import io.paas.kube.informer.WrittenVersions;
import io.paas.plan.expodset.Adoption;
import io.paas.plan.expodset.PodRenderer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes in orphans and lets strangers go, as StatefulSet does.
///
/// The cache holds only Pods with the label of their ordinal. One without it is found by its name
/// when the set wants to make that Pod ([#settle(ExPodSet, V1Pod)]), and is labelled when it is
/// adopted. One outside the running set that lost the label is not found: it runs on, and goes with
/// the set.
final class Ownership {

    /// Index of what nobody controls: `<namespace>/<set>` by the name, which ends in `-<ordinal>`
    /// or `-<hash>`.
    static final String ORPHANS = "orphans";

    private static final Logger log = LoggerFactory.getLogger(Ownership.class);

    private final Informer<V1Pod> podCache;
    private final Informer<V1ControllerRevision> revisionCache;
    private final ResourceClient<V1Pod> pods;
    private final ResourceClient<V1ControllerRevision> revisions;
    private final EventRecorder events;
    private final WrittenVersions written;

    Ownership(
            ControllerContext context,
            Informer<V1Pod> pods,
            Informer<V1ControllerRevision> revisions,
            WrittenVersions written) {
        this.podCache = pods;
        this.revisionCache = revisions;
        this.pods = context.kube().of(BuiltIn.PODS);
        this.revisions = context.kube().of(BuiltIn.REVISIONS);
        this.events = context.events();
        this.written = written;
    }

    static List<String> orphanOf(KubernetesObject object) {
        ObjectKey set = setByName(object);
        return set == null || Informers.controllerOf(object) != null
                ? List.of()
                : List.of(set.toString());
    }

    /// The set that an object belongs to by its name alone; null when it has no such name.
    static @Nullable ObjectKey setByName(KubernetesObject object) {
        ObjectKey key = ObjectKey.of(object);
        int dash = key.name().lastIndexOf('-');
        return dash <= 0 ? null : new ObjectKey(key.namespace(), key.name().substring(0, dash));
    }

    /// Whether there is anything to do; looks in memory only.
    boolean isSettled(ExPodSet set) {
        return candidates(podCache, set).allMatch(pod -> isSettled(Adoption.ofPod(set, pod)))
                && candidates(revisionCache, set)
                        .allMatch(revision -> isSettled(Adoption.ofRevision(set, revision)));
    }

    /// Adopts and releases what the caches show. The caller knows that the set is there, is the
    /// same one and is not being deleted (kubernetes/kubernetes#42639).
    List<Problem> settle(ExPodSet set) {
        List<Problem> problems = new ArrayList<>();
        for (V1ControllerRevision revision : candidates(revisionCache, set).toList()) {
            attempt(set, revisions, revision, Adoption.ofRevision(set, revision), problems);
        }
        for (V1Pod pod : candidates(podCache, set).toList()) {
            attempt(set, pods, pod, Adoption.ofPod(set, pod), problems);
        }
        return problems;
    }

    /// A Pod that holds a name which the set needs, read from the server.
    ///
    /// @throws NameTaken when it is not the set's, and cannot be
    void settle(ExPodSet set, V1Pod present) {
        Adoption.Verdict verdict = Adoption.ofPod(set, present);
        apply(set, pods, present, verdict);
        if (verdict == Adoption.Verdict.OURS && isCached(present)) {
            written.wrote(ObjectKey.of(set), BuiltIn.PODS, present);
        } else if (verdict != Adoption.Verdict.ADOPT) {
            throw NameTaken.by(BuiltIn.PODS, present);
        }
    }

    /// A version that the Pods' cache will never show must not be waited for.
    private static boolean isCached(KubernetesObject object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return !(object instanceof V1Pod) || (labels != null && labels.containsKey(Labels.ORDINAL));
    }

    private static <T extends KubernetesObject> Stream<T> candidates(
            Informer<T> cache, ExPodSet set) {
        return Stream.concat(
                cache.byIndex(Informers.BY_OWNER, String.valueOf(set.metadata().getUid())).stream(),
                cache.byIndex(ORPHANS, ObjectKey.of(set).toString()).stream());
    }

    private static boolean isSettled(Adoption.Verdict verdict) {
        return switch (verdict) {
            case OURS, LEAVE -> true;
            case ADOPT, RELEASE -> false;
        };
    }

    private <T extends KubernetesObject> void attempt(
            ExPodSet set,
            ResourceClient<T> client,
            T object,
            Adoption.Verdict verdict,
            List<Problem> problems) {
        try {
            apply(set, client, object, verdict);
        } catch (ApiFailure.NotFound | ApiFailure.Conflict _) {
            // It went or changed meanwhile; the next look shows how.
            log.debug("{} is not as it was seen", ObjectKey.of(object));
        } catch (ApiFailure failure) {
            String message = verdict + " " + ObjectKey.of(object) + ": " + failure.getMessage();
            events.warning(set, "Adopt", "FailedAdopt", message);
            problems.add(new Problem("FailedAdopt", message));
        }
    }

    private <T extends KubernetesObject> void apply(
            ExPodSet set, ResourceClient<T> client, T object, Adoption.Verdict verdict) {
        if (isSettled(verdict)) {
            return;
        }
        log.info("{}: {} {}", ObjectKey.of(set), verdict, ObjectKey.of(object));
        T answer =
                client.patch(
                        ObjectKey.of(object),
                        new Patch.Merge(change(set, object, verdict == Adoption.Verdict.ADOPT)));
        if (isCached(answer)) {
            written.wrote(ObjectKey.of(set), client.resource(), answer);
        }
        events.normal(
                set,
                "Adopt",
                verdict == Adoption.Verdict.ADOPT ? "Adopted" : "Released",
                client.resource().kind() + " " + ObjectKey.of(object).name());
    }

    /// For exactly the version that was judged: owners are one list, and another writer's would be
    /// lost.
    private static JsonObject change(ExPodSet set, KubernetesObject object, boolean adopt) {
        V1ObjectMeta seen = object.getMetadata();
        JsonArray owners = new JsonArray();
        for (V1OwnerReference owner :
                Objects.requireNonNullElse(
                        seen.getOwnerReferences(), List.<V1OwnerReference>of())) {
            if (!Objects.equals(owner.getUid(), set.metadata().getUid())) {
                owners.add(new Gson().toJsonTree(owner));
            }
        }
        JsonObject metadata = new JsonObject();
        if (adopt) {
            owners.add(JsonParser.parseString(PodRenderer.ownerReference(set).toString()));
            Adoption.ordinal(set, seen.getName())
                    .ifPresent(ordinal -> metadata.add("labels", label(ordinal)));
        }
        metadata.add("ownerReferences", owners);
        metadata.addProperty("uid", seen.getUid());
        metadata.addProperty("resourceVersion", seen.getResourceVersion());
        JsonObject body = new JsonObject();
        body.add("metadata", metadata);
        return body;
    }

    private static JsonObject label(int ordinal) {
        JsonObject labels = new JsonObject();
        labels.addProperty(Labels.ORDINAL, Integer.toString(ordinal));
        return labels;
    }
}
