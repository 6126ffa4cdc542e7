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
import io.paas.apiserver.client.KubeFailure;
import io.paas.apiserver.discovery.Parent;
import io.paas.apiserver.discovery.Route;
import io.paas.apiserver.kinds.ControlOptions;
import io.paas.apiserver.kinds.GroupVersionKind;
import io.paas.apiserver.request.ApiResponse;
import io.paas.apiserver.request.Failure;
import io.paas.plan.cluster.ClusterChange;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// `POST operations/{name}/retry`: what failed or was cancelled is tried again, by a new Operation
/// whose `retryOf` names it.
///
/// One of processes is made anew with the same parameters. One of groups is the controllers' to
/// make, from what is there now: they are told by an annotation of the cluster, since its spec is
/// as it was.
final class OperationRetry implements Subresource {

    private static final String VERB = "retry";

    private final KubeApi kube;
    private final Cluster cluster;
    private final ClusterVerb verb;

    OperationRetry(KubeApi kube, Cluster cluster) {
        this.kube = kube;
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
        return failed.spec().transition() == null
                ? Optional.of(create(request, failed, found))
                : tell(request, failed, failed.spec().transition(), found);
    }

    private Operation create(ClusterRequest request, Operation failed, MiddlewareCluster found) {
        String id = request.requestedBy().requestID();
        Operation draft =
                verb.draft(
                        request,
                        failed.spec().type(),
                        found,
                        OperationDraft.name(request.cluster(), id));
        String path = Cluster.path(Kind.OPERATION, request.namespace()) + request.dryRunQuery();
        try {
            return Json.convert(kube.create(path, Json.tree(draft)), Operation.class);
        } catch (KubeFailure e) {
            throw e.toFailure("cannot create the Operation");
        }
    }

    private Optional<Operation> tell(
            ClusterRequest request,
            Operation failed,
            Operation.Transition transition,
            MiddlewareCluster found) {
        long generation = Objects.requireNonNullElse(found.metadata().getGeneration(), 0L);
        if (generation != transition.generation()) {
            throw request.conflict(
                    ("the cluster's spec was changed since, from generation %d to %d; what it says"
                                    + " now is followed")
                            .formatted(transition.generation(), generation));
        }
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
                                                Names.operation(request.cluster(), generation)),
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

    private static String name(Operation operation) {
        return Objects.requireNonNull(operation.metadata().getName());
    }
}
