package io.paas.controllers.operation;

import io.kubernetes.client.openapi.models.V1Pod;
import io.paas.api.meta.Labels;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.Operation;
import io.paas.controllers.runtime.ClusterOperations;
import io.paas.controllers.runtime.ControllerContext;
import io.paas.controllers.runtime.Informers;
import io.paas.kube.client.ApiResource;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.controller.Controller;
import io.paas.kube.informer.Informer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Wires the Operation reconciler to its caches.
public final class OperationController {

    private OperationController() {}

    public static Controller create(ControllerContext context, int concurrency) {
        Informers informers = context.informers();
        ClusterOperations operations = ClusterOperations.of(informers);
        Informer<MiddlewareCluster> clusters =
                informers.of(ApiResource.own(Kind.MIDDLEWARE_CLUSTER), ListQuery.ALL);
        Informer<ExPodSet> sets = informers.of(ApiResource.own(Kind.EXPODSET), ListQuery.ALL);
        Informer<V1Pod> pods = informers.of(BuiltIn.PODS, ListQuery.ALL.labelled(Labels.ORDINAL));
        StepCalls calls =
                new StepCalls(
                        new AgentStepRunner(AgentStepRunner.Agents.of(context.agents())),
                        context.clock());
        Turns turns = new Turns();
        // The reconciler's calls bring its keys back to the queue it is run from.
        AtomicReference<@Nullable Controller> queue = new AtomicReference<>();
        OperationReconciler reconciler =
                new OperationReconciler(
                        context.kube().of(Kind.OPERATION),
                        operations,
                        new OperationObserver(
                                clusters,
                                context.kube().of(Kind.MIDDLEWARE_CLUSTER),
                                sets,
                                pods,
                                calls,
                                context.clock()),
                        calls,
                        turns,
                        context.events(),
                        key -> Objects.requireNonNull(queue.get()).enqueue(key));
        Controller controller =
                new Controller("operation", reconciler, concurrency, context.metrics());
        queue.set(controller);
        operations
                .cache()
                .onChange(
                        change -> {
                            Operation operation = change.object();
                            if (change.after() == null || !Turns.isOpen(operation)) {
                                turns.release(operation);
                                calls.forget(Objects.requireNonNull(operation.metadata().getUid()));
                                enqueueOpen(
                                        controller,
                                        operations,
                                        ClusterOperations.clusterOf(operation));
                            }
                            if (change.after() != null) {
                                controller.enqueue(ObjectKey.of(operation));
                            }
                        });
        clusters.onChange(
                change -> enqueueOpen(controller, operations, ObjectKey.of(change.object())));
        sets.onChange(
                change -> {
                    ExPodSet set = change.object();
                    String cluster = OperationObserver.label(set, Labels.CLUSTER);
                    if (cluster != null) {
                        String namespace = ObjectKey.of(set).namespace();
                        enqueueOpen(controller, operations, new ObjectKey(namespace, cluster));
                    }
                });
        pods.onChange(
                change -> {
                    V1Pod pod = change.object();
                    String cluster = OperationObserver.label(pod, Labels.CLUSTER);
                    if (cluster != null) {
                        String namespace = ObjectKey.of(pod).namespace();
                        enqueueOpen(controller, operations, new ObjectKey(namespace, cluster));
                    }
                });
        return controller;
    }

    private static void enqueueOpen(
            Controller controller, ClusterOperations operations, ObjectKey cluster) {
        for (Operation operation : operations.on(cluster)) {
            if (Turns.isOpen(operation)) {
                controller.enqueue(ObjectKey.of(operation));
            }
        }
    }
}
