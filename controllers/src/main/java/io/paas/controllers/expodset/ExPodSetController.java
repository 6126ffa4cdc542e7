package io.paas.controllers.expodset;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1ControllerRevision;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1StorageClass;
import io.paas.api.meta.Labels;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.Kind;
import io.paas.controllers.runtime.ControllerContext;
import io.paas.controllers.runtime.Informers;
import io.paas.controllers.runtime.Manifest;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.controller.Controller;
import io.paas.kube.informer.Informer;
import io.paas.kube.informer.WrittenVersions;
import io.paas.plan.expodset.ExPodSetPlan;
import io.paas.plan.expodset.ExPodSetPlanner;
import io.paas.plan.expodset.ExPodSetSnapshot;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Wires the ExPodSet reconciler to its caches.
public final class ExPodSetController {

    private ExPodSetController() {}

    public static Controller create(ControllerContext context, int concurrency) {
        return create(context, concurrency, ExPodSetPlanner::plan);
    }

    /// With another way to decide. The conformance suite proves by wrong ones that it would notice.
    public static Controller create(
            ControllerContext context,
            int concurrency,
            Function<ExPodSetSnapshot, ExPodSetPlan> planner) {
        return create(context, concurrency, planner, new AgentLifecycleClient(context.agents()));
    }

    static Controller create(
            ControllerContext context, int concurrency, LifecycleClient lifecycle) {
        return create(context, concurrency, ExPodSetPlanner::plan, lifecycle);
    }

    private static Controller create(
            ControllerContext context,
            int concurrency,
            Function<ExPodSetSnapshot, ExPodSetPlan> planner,
            LifecycleClient lifecycle) {
        KubeClient kube = context.kube();
        Informers informers = context.informers();
        Informer<ExPodSet> sets = informers.of(PodActionExecutor.SETS, ListQuery.ALL);
        // Every Pod of ours carries its ordinal; nobody else's Pods need our memory.
        Informer<V1Pod> pods =
                informers
                        .of(BuiltIn.PODS, ListQuery.ALL.labelled(Labels.ORDINAL))
                        .indexedBy(Ownership.ORPHANS, Ownership::orphanOf);
        Informer<V1PersistentVolumeClaim> claims =
                informers
                        .of(BuiltIn.CLAIMS, ListQuery.ALL)
                        .indexedBy(ClaimCache.BY_SET, ClaimCache::setOf);
        Informer<V1ControllerRevision> revisions =
                informers
                        .of(
                                BuiltIn.REVISIONS,
                                ListQuery.ALL.labelled(
                                        Labels.MANAGED_BY + "=" + Labels.MANAGED_BY_VALUE))
                        .indexedBy(Ownership.ORPHANS, Ownership::orphanOf);
        Informer<Manifest> budgets =
                informers.of(
                        Manifest.DISRUPTION_BUDGETS,
                        ListQuery.ALL.labelled(
                                Labels.MANAGED_BY
                                        + "="
                                        + Labels.MANAGED_BY_VALUE
                                        + ","
                                        + Labels.EXPODSET));
        Informer<V1StorageClass> classes = informers.of(BuiltIn.STORAGE_CLASSES, ListQuery.ALL);
        WrittenVersions written = new WrittenVersions();
        Ownership ownership = new Ownership(context, pods, revisions, written);
        PostScaleOut hook = new PostScaleOut(lifecycle, context.clock());
        PodCalls calls = PodCalls.by(lifecycle, context.clock());
        // The reconciler enqueues when a hook has ended; the controller needs the reconciler.
        AtomicReference<@Nullable Controller> self = new AtomicReference<>();
        Consumer<ObjectKey> enqueue =
                key -> {
                    Controller controller = self.get();
                    if (controller != null) {
                        controller.enqueue(key);
                    }
                };
        ExPodSetReconciler reconciler =
                new ExPodSetReconciler(
                        new ExPodSetReconciler.Caches(
                                sets,
                                pods,
                                new ClaimCache(claims),
                                Map.of(
                                        PodActionExecutor.SETS.toString(), sets,
                                        BuiltIn.PODS.toString(), pods,
                                        BuiltIn.CLAIMS.toString(), claims,
                                        BuiltIn.REVISIONS.toString(), revisions,
                                        Manifest.DISRUPTION_BUDGETS.toString(), budgets)),
                        kube.of(PodActionExecutor.SETS),
                        new RevisionStore(
                                kube.of(BuiltIn.REVISIONS),
                                revisions,
                                (set, answer) -> written.wrote(set, BuiltIn.REVISIONS, answer)),
                        ownership,
                        planner,
                        new PodActionExecutor(context, written, ownership, hook, calls),
                        List.of(
                                new BudgetUpkeep(
                                        kube.of(Manifest.DISRUPTION_BUDGETS),
                                        budgets,
                                        (set, answer) ->
                                                written.wrote(
                                                        set, Manifest.DISRUPTION_BUDGETS, answer)),
                                new ClaimUpkeep(
                                        kube.of(BuiltIn.CLAIMS),
                                        claims,
                                        classes,
                                        (set, answer) ->
                                                written.wrote(set, BuiltIn.CLAIMS, answer))),
                        hook,
                        calls,
                        written,
                        context.clock(),
                        enqueue);
        Controller controller =
                new Controller("expodset", reconciler, concurrency, context.metrics());
        self.set(controller);
        sets.onChange(change -> enqueue.accept(ObjectKey.of(change.object())));
        pods.onChange(change -> enqueueOwner(change.object(), enqueue));
        revisions.onChange(change -> enqueueAdopter(change.object(), enqueue));
        claims.onChange(change -> enqueueMaker(change.object(), enqueue));
        budgets.onChange(change -> enqueueMaker(change.object(), enqueue));
        return controller;
    }

    private static void enqueueOwner(V1Pod pod, Consumer<ObjectKey> enqueue) {
        V1OwnerReference owner = Informers.controllerOf(pod);
        if (owner == null) {
            enqueueAdopter(pod, enqueue);
        } else if (owner.getKind().equals(Kind.EXPODSET.kind())) {
            enqueue.accept(new ObjectKey(ObjectKey.of(pod).namespace(), owner.getName()));
        }
    }

    /// Nobody controls it: the set that its name speaks of may want it.
    private static void enqueueAdopter(KubernetesObject object, Consumer<ObjectKey> enqueue) {
        ObjectKey set = Ownership.setByName(object);
        if (set != null && Informers.controllerOf(object) == null) {
            enqueue.accept(set);
        }
    }

    private static void enqueueMaker(KubernetesObject made, Consumer<ObjectKey> enqueue) {
        ObjectKey set = ClaimCache.maker(made);
        if (set != null) {
            enqueue.accept(set);
        }
    }
}
