package io.paas.test.conformance.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.paas.plan.expodset.ExPodSetPlan;
import io.paas.plan.expodset.ExPodSetPlanner;
import io.paas.plan.expodset.ExPodSetSnapshot;
import io.paas.plan.expodset.ObservedClaim;
import io.paas.plan.expodset.ObservedPod;
import io.paas.plan.expodset.OrdinalSet;
import io.paas.plan.expodset.PodAction;
import io.paas.plan.expodset.Revision;
import io.paas.plan.expodset.Settings;
import io.paas.plan.expodset.TemplateHash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;

/// An ExPodSet controller with one mistake: in what it decides, or in what it sends.
enum Mutant {
    UNORDERED("creates and deletes Pods all at once", seeing(s -> parallel(s, true))),
    ORDERED_ALWAYS("ignores podManagementPolicy Parallel", seeing(s -> parallel(s, false))),
    IGNORES_ON_DELETE("updates Pods with strategy OnDelete", seeing(s -> onDelete(s, false))),
    IGNORES_PARTITION(
            "updates Pods below the partition", seeing(s -> limits(s, 0, s.maxUnavailable()))),
    GREEDY("updates all Pods at once", seeing(s -> limits(s, s.partition(), 1000))),
    TIMID(
            "updates one Pod at a time, whatever is allowed",
            seeing(s -> limits(s, s.partition(), 1))),
    IGNORES_OFFLINE("runs the first ordinals, offline or not", seeing(Mutant::firstOrdinals)),

    NEVER_SCALES_IN(
            "keeps Pods outside the running set",
            without((_, action) -> isDelete(action, PodAction.Why.SCALED_IN))),
    NEVER_SCALES_OUT(
            "makes the first Pod only",
            without(
                    (_, action) ->
                            action instanceof PodAction.CreatePod(int ordinal, String _)
                                    && ordinal > 0)),
    KEEPS_FAILED(
            "keeps Pods that failed",
            without((_, action) -> isDelete(action, PodAction.Why.FAILED))),
    WAITS_FOR_BROKEN(
            "waits for outdated Pods that never became Ready",
            without((_, action) -> isDelete(action, PodAction.Why.OUTDATED_NEVER_READY))),
    WAITS_FOR_ALL(
            "makes no Pod while another one is down",
            without(
                    (now, action) ->
                            action instanceof PodAction.CreatePod
                                    && !now.pods().keySet().stream().allMatch(now::isUp))),
    KEEPS_HISTORY(
            "deletes no revision",
            without((_, action) -> action instanceof PodAction.DeleteRevision)),
    LEAVES_LABELS(
            "changes nothing in place",
            without((_, action) -> action instanceof PodAction.PatchPod)),
    NO_CLAIMS("makes no claims", without((_, action) -> action instanceof PodAction.CreateClaim)),
    CLAIMS_BEFORE_PODS_ONLY(
            "makes no claim for a Pod that is there",
            without(
                    (now, action) ->
                            action instanceof PodAction.CreateClaim(int ordinal, String _)
                                    && now.pods().containsKey(ordinal))),

    NEVER_OWNS_CLAIMS(
            "gives claims no owner",
            without(
                    (_, action) ->
                            action instanceof PodAction.UpdateClaim update
                                    && update.metadata().has("ownerReferences"))),
    OWNS_CLAIMS_TOO_LATE(
            "deletes a Pod before its claims go with it",
            without(
                    (now, action) ->
                            action instanceof PodAction.UpdateClaim update
                                    && !now.settings().running().contains(update.ordinal()))),
    TAKES_CLAIMS_OF_OTHERS(
            "owns claims that others control", deciding(Mutant::withClaimsOfNobodyElse)),
    IGNORES_MARKS("sees no mark on a claim", deciding(Mutant::withoutMarks)),
    LOOKS_AT_THOSE_THAT_STAY(
            "scales in whatever the health of those that go", deciding(Mutant::scalingInUnhealthy)),
    COMPARES_TEXT(
            "takes a template that is written otherwise for another one",
            deciding(Mutant::comparingText)),

    CREATES_AT_UPDATE_REVISION(
            "makes each Pod from the update revision", deciding(Mutant::atUpdateRevision)),
    UPDATES_FROM_BELOW("updates from the lowest ordinal", deciding(Mutant::fromBelow)),

    WRITES_NO_STATUS("never writes the status", sending(Mutant::readInsteadOfStatus)),
    READY_IS_AVAILABLE(
            "counts ready Pods as available",
            sending(
                    status(
                            status ->
                                    status.set(
                                            "availableReplicas", status.path("readyReplicas"))))),
    CURRENT_IS_UPDATE(
            "says that an update is over when it begins",
            sending(
                    status(
                            status ->
                                    status.set("currentRevision", status.path("updateRevision"))))),
    DELETES_CLAIMS("deletes a Pod's claim with it", sending(Mutant::withClaim)),
    NEVER_ADOPTS(
            "leaves orphans alone",
            sending(
                    withoutPatch(
                            "/pods/",
                            metadata ->
                                    metadata.has("resourceVersion")
                                            && !metadata.path("ownerReferences").isEmpty()))),
    NEVER_RELEASES(
            "keeps Pods that do not match",
            sending(
                    withoutPatch(
                            "/pods/",
                            metadata ->
                                    metadata.has("ownerReferences")
                                            && metadata.path("ownerReferences").isEmpty()))),
    MARKS_NOTHING(
            "marks no claim",
            sending(
                    withoutPatch(
                            "/persistentvolumeclaims/", metadata -> mark(metadata).isTextual()))),
    NEVER_CLEARS_MARKS(
            "leaves the mark on a claim that is used again",
            sending(withoutPatch("/persistentvolumeclaims/", metadata -> mark(metadata).isNull())));

    private interface Sender {
        Response send(Interceptor.Chain chain) throws IOException;
    }

    private record Mistake(Function<ExPodSetSnapshot, ExPodSetPlan> planner, Sender sender) {}

    private final String text;

    @SuppressWarnings("ImmutableEnumChecker") // Its functions are lambdas without state.
    private final Mistake mistake;

    Mutant(String text, Mistake mistake) {
        this.text = text;
        this.mistake = mistake;
    }

    /// What is wrong with it.
    String text() {
        return text;
    }

    ExPodSetPlan plan(ExPodSetSnapshot snapshot) {
        return mistake.planner().apply(snapshot);
    }

    Response send(Interceptor.Chain chain) throws IOException {
        return mistake.sender().send(chain);
    }

    // Mistakes in what is decided.

    private static Mistake deciding(Function<ExPodSetSnapshot, ExPodSetPlan> planner) {
        return new Mistake(planner, chain -> chain.proceed(chain.request()));
    }

    /// Decides rightly on wrong settings.
    private static Mistake seeing(UnaryOperator<Settings> settings) {
        return deciding(now -> ExPodSetPlanner.plan(with(now, settings.apply(now.settings()))));
    }

    private static Mistake without(BiPredicate<ExPodSetSnapshot, PodAction> left) {
        return deciding(
                now -> {
                    List<PodAction> actions = new ArrayList<>(ExPodSetPlanner.plan(now).actions());
                    actions.removeIf(action -> left.test(now, action));
                    return plan(now, actions);
                });
    }

    private static ExPodSetPlan atUpdateRevision(ExPodSetSnapshot now) {
        List<PodAction> actions = new ArrayList<>(ExPodSetPlanner.plan(now).actions());
        actions.replaceAll(action -> atRevision(action, now.updateRevision()));
        return plan(now, actions);
    }

    private static PodAction atRevision(PodAction action, String revision) {
        return action instanceof PodAction.CreatePod(int ordinal, String _)
                ? new PodAction.CreatePod(ordinal, revision)
                : action;
    }

    private static ExPodSetPlan fromBelow(ExPodSetSnapshot now) {
        List<PodAction> actions = new ArrayList<>(ExPodSetPlanner.plan(now).actions());
        actions.replaceAll(
                action -> isDelete(action, PodAction.Why.OUTDATED) ? deleteLowest(now) : action);
        return plan(now, actions);
    }

    private static ExPodSetPlan withClaimsOfNobodyElse(ExPodSetSnapshot now) {
        String uid = String.valueOf(now.set().metadata().getUid());
        return ExPodSetPlanner.plan(
                withClaims(
                        now,
                        claim ->
                                new ObservedClaim(
                                        claim.ordinal(),
                                        claim.name(),
                                        claim.resourceVersion(),
                                        claim.terminating(),
                                        claim.ours(),
                                        claim.owners().stream()
                                                .filter(owner -> uid.equals(owner.getUid()))
                                                .toList(),
                                        claim.decommissioned())));
    }

    private static ExPodSetPlan withoutMarks(ExPodSetSnapshot now) {
        return ExPodSetPlanner.plan(
                withClaims(
                        now,
                        claim ->
                                new ObservedClaim(
                                        claim.ordinal(),
                                        claim.name(),
                                        claim.resourceVersion(),
                                        claim.terminating(),
                                        false,
                                        claim.owners(),
                                        null)));
    }

    private static ExPodSetSnapshot withClaims(
            ExPodSetSnapshot now, UnaryOperator<ObservedClaim> change) {
        Map<String, ObservedClaim> claims = new TreeMap<>(now.claims());
        claims.replaceAll((_, claim) -> change.apply(claim));
        return new ExPodSetSnapshot(
                now.set(),
                now.settings(),
                now.pods(),
                claims,
                now.revisions(),
                now.updateRevision(),
                now.hook(),
                now.now());
    }

    private static ExPodSetPlan scalingInUnhealthy(ExPodSetSnapshot now) {
        List<PodAction> actions = new ArrayList<>(ExPodSetPlanner.plan(now).actions());
        now.pods().values().stream()
                .filter(pod -> !now.settings().running().contains(pod.ordinal()))
                .reduce((_, last) -> last)
                .filter(pod -> !pod.terminating() && now.allUp())
                .ifPresent(
                        pod ->
                                actions.add(
                                        new PodAction.DeletePod(
                                                pod.ordinal(),
                                                pod.name(),
                                                pod.uid(),
                                                PodAction.Why.SCALED_IN)));
        return plan(now, actions);
    }

    private static ExPodSetPlan comparingText(ExPodSetSnapshot now) {
        JsonNode template = now.set().spec().template();
        String byText = now.set().metadata().getName() + "-" + TemplateHash.of(template);
        List<Revision> revisions = new ArrayList<>(now.revisions());
        if (now.revision(byText) == null) {
            revisions.add(new Revision(byText, Long.MAX_VALUE, template));
        }
        ExPodSetSnapshot seen =
                new ExPodSetSnapshot(
                        now.set(),
                        now.settings(),
                        now.pods(),
                        now.claims(),
                        revisions,
                        byText,
                        now.hook(),
                        now.now());
        List<PodAction> actions = new ArrayList<>(ExPodSetPlanner.plan(seen).actions());
        actions.replaceAll(
                action ->
                        // There is nothing to be done in place, and so the right one sees it.
                        action instanceof PodAction.FinishUpdate(int ordinal, var name, var uid, _)
                                ? new PodAction.DeletePod(
                                        ordinal, name, uid, PodAction.Why.OUTDATED)
                                : atRevision(action, now.updateRevision()));
        return plan(now, actions);
    }

    private static PodAction deleteLowest(ExPodSetSnapshot now) {
        ObservedPod lowest =
                now.pods().values().stream()
                        .filter(pod -> pod.ordinal() >= now.settings().partition())
                        .filter(pod -> !pod.revision().equals(now.updateRevision()))
                        .filter(pod -> !pod.terminating())
                        .findFirst()
                        .orElseThrow();
        return new PodAction.DeletePod(
                lowest.ordinal(), lowest.name(), lowest.uid(), PodAction.Why.OUTDATED);
    }

    private static boolean isDelete(PodAction action, PodAction.Why why) {
        return action instanceof PodAction.DeletePod delete && delete.why() == why;
    }

    private static ExPodSetPlan plan(ExPodSetSnapshot now, List<PodAction> actions) {
        return new ExPodSetPlan(actions, ExPodSetPlanner.plan(now).lookAgain());
    }

    private static ExPodSetSnapshot with(ExPodSetSnapshot now, Settings settings) {
        return new ExPodSetSnapshot(
                now.set(),
                settings,
                now.pods(),
                now.claims(),
                now.revisions(),
                now.updateRevision(),
                now.hook(),
                now.now());
    }

    private static Settings parallel(Settings s, boolean parallel) {
        return settings(s, s.running(), parallel, s.onDelete(), s.partition(), s.maxUnavailable());
    }

    private static Settings onDelete(Settings s, boolean onDelete) {
        return settings(s, s.running(), s.parallel(), onDelete, s.partition(), s.maxUnavailable());
    }

    private static Settings limits(Settings s, int partition, int maxUnavailable) {
        return settings(s, s.running(), s.parallel(), s.onDelete(), partition, maxUnavailable);
    }

    private static Settings firstOrdinals(Settings s) {
        return settings(
                s,
                OrdinalSet.parse(List.of()).running(s.running().size()),
                s.parallel(),
                s.onDelete(),
                s.partition(),
                s.maxUnavailable());
    }

    private static Settings settings(
            Settings s,
            SortedSet<Integer> running,
            boolean parallel,
            boolean onDelete,
            int partition,
            int maxUnavailable) {
        return new Settings(
                running,
                parallel,
                onDelete,
                partition,
                maxUnavailable,
                s.minReady(),
                s.paused(),
                s.stopped(),
                s.historyLimit());
    }

    // Mistakes in what is sent.

    private static Mistake sending(Sender sender) {
        return new Mistake(ExPodSetPlanner::plan, sender);
    }

    private static boolean writesStatus(Request request) {
        return request.method().equals("PATCH")
                && request.url().encodedPath().contains("/expodsets/")
                && request.url().encodedPath().endsWith("/status");
    }

    private static Response readInsteadOfStatus(Interceptor.Chain chain) throws IOException {
        Request request = chain.request();
        if (!writesStatus(request)) {
            return chain.proceed(request);
        }
        String url = request.url().toString();
        return chain.proceed(
                request.newBuilder().url(url.substring(0, url.indexOf("/status"))).get().build());
    }

    private static Sender status(Consumer<ObjectNode> mistake) {
        return chain -> {
            Request request = chain.request();
            if (!writesStatus(request)) {
                return chain.proceed(request);
            }
            ObjectNode body = body(request);
            mistake.accept((ObjectNode) body.path("status"));
            MediaType type = request.body().contentType();
            return chain.proceed(
                    request.newBuilder().patch(RequestBody.create(body.toString(), type)).build());
        };
    }

    /// Patches of metadata that it does not send: it reads instead, as if they had been answered.
    private static Sender withoutPatch(String collection, Predicate<JsonNode> left) {
        return chain -> {
            Request request = chain.request();
            String path = request.url().encodedPath();
            if (!request.method().equals("PATCH")
                    || !path.contains(collection)
                    || path.endsWith("/status")
                    || !left.test(body(request).path("metadata"))) {
                return chain.proceed(request);
            }
            return chain.proceed(request.newBuilder().get().build());
        };
    }

    private static JsonNode mark(JsonNode metadata) {
        return metadata.path("annotations").path("middleware.paas.io/decommissioned");
    }

    private static ObjectNode body(Request request) throws IOException {
        Buffer buffer = new Buffer();
        Objects.requireNonNull(request.body()).writeTo(buffer);
        return KubeApi.parse(buffer.readUtf8());
    }

    private static Response withClaim(Interceptor.Chain chain) throws IOException {
        Request request = chain.request();
        String url = request.url().toString();
        if (request.method().equals("DELETE") && url.contains("/pods/")) {
            String claim = url.replace("/pods/", "/persistentvolumeclaims/data-");
            chain.proceed(request.newBuilder().url(claim).delete().build()).close();
        }
        return chain.proceed(request);
    }
}
