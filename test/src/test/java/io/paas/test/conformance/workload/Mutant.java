package io.paas.test.conformance.workload;

import static io.paas.test.conformance.workload.WrongPlans.isDelete;
import static io.paas.test.conformance.workload.WrongPlans.limits;
import static io.paas.test.conformance.workload.WrongPlans.onDelete;
import static io.paas.test.conformance.workload.WrongPlans.parallel;
import static io.paas.test.conformance.workload.WrongRequests.mark;
import static io.paas.test.conformance.workload.WrongRequests.status;
import static io.paas.test.conformance.workload.WrongRequests.withoutPatch;

import io.paas.plan.expodset.ExPodSetPlan;
import io.paas.plan.expodset.ExPodSetPlanner;
import io.paas.plan.expodset.ExPodSetSnapshot;
import io.paas.plan.expodset.PodAction;
import io.paas.plan.expodset.Settings;
import io.paas.test.conformance.workload.WrongRequests.Sender;
import java.io.IOException;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import okhttp3.Interceptor;
import okhttp3.Response;

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
    IGNORES_OFFLINE("runs the first ordinals, offline or not", seeing(WrongPlans::firstOrdinals)),

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
            "owns claims that others control", deciding(WrongPlans::withClaimsOfNobodyElse)),
    IGNORES_MARKS("sees no mark on a claim", deciding(WrongPlans::withoutMarks)),
    LOOKS_AT_THOSE_THAT_STAY(
            "scales in whatever the health of those that go",
            deciding(WrongPlans::scalingInUnhealthy)),
    COMPARES_TEXT(
            "takes a template that is written otherwise for another one",
            deciding(WrongPlans::comparingText)),

    CREATES_AT_UPDATE_REVISION(
            "makes each Pod from the update revision", deciding(WrongPlans::atUpdateRevision)),
    UPDATES_FROM_BELOW("updates from the lowest ordinal", deciding(WrongPlans::fromBelow)),

    WRITES_NO_STATUS("never writes the status", sending(WrongRequests::readInsteadOfStatus)),
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
    DELETES_CLAIMS("deletes a Pod's claim with it", sending(WrongRequests::withClaim)),
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

    private static Mistake seeing(UnaryOperator<Settings> settings) {
        return deciding(WrongPlans.seeing(settings));
    }

    private static Mistake without(BiPredicate<ExPodSetSnapshot, PodAction> left) {
        return deciding(WrongPlans.without(left));
    }

    private static Mistake deciding(Function<ExPodSetSnapshot, ExPodSetPlan> planner) {
        return new Mistake(planner, chain -> chain.proceed(chain.request()));
    }

    private static Mistake sending(Sender sender) {
        return new Mistake(ExPodSetPlanner::plan, sender);
    }
}
