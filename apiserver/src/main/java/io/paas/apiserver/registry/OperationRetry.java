package io.paas.apiserver.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.paas.api.json.Json;
import io.paas.api.meta.Annotations;
import io.paas.api.meta.Names;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.Operation;
import io.paas.api.v1.Operation.Phase;
import io.paas.api.v1.RetryRequest;
import io.paas.apiserver.client.Cluster;
import io.paas.apiserver.client.KubeApi;
import io.paas.apiserver.discovery.Parent;
import io.paas.apiserver.discovery.Route;
import io.paas.apiserver.kinds.ControlOptions;
import io.paas.apiserver.kinds.GroupVersionKind;
import io.paas.apiserver.request.ApiResponse;
import io.paas.apiserver.request.Failure;
import io.paas.plan.cluster.ClusterChange;
import io.paas.plan.process.GroupSnapshot;
import io.paas.plan.process.ProcessPlan;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// `POST operations/{name}/retry`: what failed or was cancelled is tried again, by a new Operation
/// whose `retryOf` names it.
///
/// One of processes is made anew with the same parameters. One of groups is the controllers' to
/// make, from what is there now: they are told by an annotation of the cluster, since its spec is
/// as it was.
final class OperationRetry implements Subresource {

    private static final String VERB = "retry";

    private final Cluster cluster;
    private final ClusterVerb verb;

    OperationRetry(KubeApi kube, Cluster cluster) {
        this.cluster = cluster;
        this.verb = new ClusterVerb(kube, cluster);
    }

    @Override
    public Route route() {
        return new Route(
                Parent.OPERATIONS,
                VERB,
                Route.Method.POST,
                ControlOptions.class,
                new GroupVersionKind(Kind.GROUP, Kind.VERSION, "Operation"),
                null,
                "try again what failed or was cancelled, by another Operation");
    }

    @Override
    public ApiResponse answer(Call call) {
        Body<ControlOptions> body = Body.read(call.request(), ControlOptions.class);
        List<Failure.Cause> causes = OptionChecks.violations(body.value());
        if (!causes.isEmpty()) {
            throw Failure.invalid(GroupVersionKind.GROUP, "ControlOptions", call.name(), causes);
        }
        Operation failed = cluster.operation(call.namespace(), call.name());
        ClusterRequest request =
                new ClusterRequest(
                        call,
                        failed.spec().cluster(),
                        VERB,
                        "ControlOptions",
                        Set.of(Operation.Type.values()),
                        failed.spec().parameters(),
                        call.name(),
                        OperationDraft.requestedBy(call, body.value().requestID()),
                        OptionChecks.isDryRun(call.request(), body.value().dryRun()));
        Operation again =
                verb.run(
                        request,
                        (found, operations) -> attempt(request, failed, found, operations));
        return body.warn(Answer.of(call.request(), request.dryRun() ? 200 : 202, Json.tree(again)));
    }

    private Optional<Operation> attempt(
            ClusterRequest request,
            Operation failed,
            MiddlewareCluster found,
            List<Operation> operations) {
        Optional<Operation> later =
                operations.stream()
                        .filter(o -> name(failed).equals(o.spec().retryOf()))
                        .findFirst();
        if (later.isPresent()) {
            throw request.conflict(
                    "Operation \"%s\" has tried it again".formatted(name(later.get())));
        }
        Phase phase = failed.status() == null ? null : failed.status().phase();
        if (phase != Phase.FAILED && phase != Phase.CANCELLED) {
            throw request.conflict(
                    phase == Phase.SUCCEEDED ? "it has succeeded" : "it is not over");
        }
        verb.refuseWhileBusy(request, found, operations);
        Operation.Transition transition = failed.spec().transition();
        return transition == null
                ? Optional.of(create(request, failed, found))
                : tell(request, failed, transition, found, operations);
    }

    private Operation create(ClusterRequest request, Operation failed, MiddlewareCluster found) {
        Operation.Type type = failed.spec().type();
        Operation.Parameters parameters =
                Objects.requireNonNullElseGet(
                        failed.spec().parameters(),
                        () ->
                                Operation.Parameters.ofProcesses(
                                        List.of(), null, List.of(), null, null, null, null));
        List<GroupSnapshot> groups = cluster.groups(found);
        if (ClusterProcessVerb.isDurable(type, parameters)
                && !ClusterProcessVerb.durable(type, parameters, found, groups).isEmpty(found)) {
            throw request.conflict("the cluster's spec has another processState since");
        }
        ProcessPlan plan = ClusterProcessVerb.plan(request, type, parameters, groups);
        return verb.create(request, type, found, plan.toStatusSteps(), plan.toString());
    }

    private Optional<Operation> tell(
            ClusterRequest request,
            Operation failed,
            Operation.Transition transition,
            MiddlewareCluster found,
            List<Operation> operations) {
        verb.refuseWhilePaused(request, found, "");
        long generation = Objects.requireNonNullElse(found.metadata().getGeneration(), 0L);
        if (generation != transition.generation()) {
            throw request.conflict(
                    ("the cluster's spec was changed since, from generation %d to %d; what it says"
                                    + " now is followed")
                            .formatted(transition.generation(), generation));
        }
        // The controllers go on from the last one only.
        List<Operation> ofGeneration =
                operations.stream().filter(o -> isOf(generation, o)).toList();
        if (!ofGeneration.isEmpty() && !isSame(ofGeneration.getLast(), failed)) {
            throw request.conflict(
                    "Operation \"%s\" came after it".formatted(name(ofGeneration.getLast())));
        }
        Set<String> used =
                operations.stream().map(OperationRetry::name).collect(Collectors.toSet());
        RetryRequest wish =
                new RetryRequest(
                        name(failed),
                        request.call().user().name(),
                        request.requestedBy().requestID(),
                        request.call().auditId());
        ArrayNode patch = DurableChange.annotated(found, Annotations.RETRY, Json.write(wish));
        return verb.patch(
                        request,
                        found,
                        patch,
                        request.dryRun(),
                        now -> wish.equals(RetryRequest.of(now)))
                .map(
                        _ ->
                                verb.follow(
                                        request,
                                        verb.draft(
                                                request,
                                                failed.spec().type(),
                                                found,
                                                Names.nextOperation(
                                                        request.cluster(), generation, used)),
                                        transition.changes().stream()
                                                .map(ClusterChange::pending)
                                                .toList(),
                                        "what is left of " + name(failed),
                                        () -> retried(request, failed)));
    }

    private Optional<Operation> retried(ClusterRequest request, Operation failed) {
        return cluster.operations(request.namespace(), request.cluster()).stream()
                .filter(operation -> name(failed).equals(operation.spec().retryOf()))
                .findFirst();
    }

    private static boolean isOf(long generation, Operation operation) {
        Operation.Transition transition = operation.spec().transition();
        return transition != null && transition.generation() == generation;
    }

    private static boolean isSame(Operation one, Operation other) {
        return name(one).equals(name(other));
    }

    private static String name(Operation operation) {
        return Objects.requireNonNull(operation.metadata().getName());
    }
}
