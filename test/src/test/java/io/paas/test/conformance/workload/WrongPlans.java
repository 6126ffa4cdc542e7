package io.paas.test.conformance.workload;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// What a controller with a mistake decides.
final class WrongPlans {

    private WrongPlans() {}

    /// Decides rightly on wrong settings.
    static Function<ExPodSetSnapshot, ExPodSetPlan> seeing(UnaryOperator<Settings> settings) {
        return now -> ExPodSetPlanner.plan(with(now, settings.apply(now.settings())));
    }

    static Function<ExPodSetSnapshot, ExPodSetPlan> without(
            BiPredicate<ExPodSetSnapshot, PodAction> left) {
        return now -> {
            List<PodAction> actions = new ArrayList<>(ExPodSetPlanner.plan(now).actions());
            actions.removeIf(action -> left.test(now, action));
            return plan(now, actions);
        };
    }

    static ExPodSetPlan atUpdateRevision(ExPodSetSnapshot now) {
        List<PodAction> actions = new ArrayList<>(ExPodSetPlanner.plan(now).actions());
        actions.replaceAll(action -> atRevision(action, now.updateRevision()));
        return plan(now, actions);
    }

    private static PodAction atRevision(PodAction action, String revision) {
        return action instanceof PodAction.CreatePod(int ordinal, String _)
                ? new PodAction.CreatePod(ordinal, revision)
                : action;
    }

    static ExPodSetPlan fromBelow(ExPodSetSnapshot now) {
        List<PodAction> actions = new ArrayList<>(ExPodSetPlanner.plan(now).actions());
        actions.replaceAll(
                action -> isDelete(action, PodAction.Why.OUTDATED) ? deleteLowest(now) : action);
        return plan(now, actions);
    }

    static ExPodSetPlan withClaimsOfNobodyElse(ExPodSetSnapshot now) {
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

    static ExPodSetPlan withoutMarks(ExPodSetSnapshot now) {
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

    static ExPodSetPlan scalingInUnhealthy(ExPodSetSnapshot now) {
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

    static ExPodSetPlan comparingText(ExPodSetSnapshot now) {
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

    static boolean isDelete(PodAction action, PodAction.Why why) {
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

    static Settings parallel(Settings s, boolean parallel) {
        return settings(s, s.running(), parallel, s.onDelete(), s.partition(), s.maxUnavailable());
    }

    static Settings onDelete(Settings s, boolean onDelete) {
        return settings(s, s.running(), s.parallel(), onDelete, s.partition(), s.maxUnavailable());
    }

    static Settings limits(Settings s, int partition, int maxUnavailable) {
        return settings(s, s.running(), s.parallel(), s.onDelete(), partition, maxUnavailable);
    }

    static Settings firstOrdinals(Settings s) {
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
}
