package io.paas.apiserver.registry;

import io.paas.api.json.Json;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.Operation;
import io.paas.apiserver.client.Cluster;
import io.paas.apiserver.client.KubeApi;
import io.paas.apiserver.client.KubeFailure;
import io.paas.apiserver.discovery.Parent;
import io.paas.apiserver.discovery.Route;
import io.paas.apiserver.kinds.ClusterProcessOptions;
import io.paas.apiserver.kinds.GroupVersionKind;
import io.paas.apiserver.request.ApiResponse;
import io.paas.apiserver.request.Failure;
import io.paas.plan.process.GroupSnapshot;
import io.paas.plan.process.PlanOutcome;
import io.paas.plan.process.ProcessPlan;
import io.paas.plan.process.ProcessPlanner;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// `POST middlewareclusters/{name}/{start,stop,restart}` (FR-024).
///
/// Start and stop of whole groups change the cluster's spec, so that new Pods obey. Anything else
/// creates the Operation.
final class ClusterProcessVerb implements Subresource {

    private final Operation.Type type;
    private final KubeApi kube;
    private final Cluster cluster;
    private final ClusterVerb verb;

    ClusterProcessVerb(Operation.Type type, KubeApi kube, Cluster cluster) {
        this.type = type;
        this.kube = kube;
        this.cluster = cluster;
        this.verb = new ClusterVerb(kube, cluster);
    }

    @Override
    public Route route() {
        return new Route(
                Parent.MIDDLEWARECLUSTERS,
                word(),
                Route.Method.POST,
                ClusterProcessOptions.class,
                new GroupVersionKind(Kind.GROUP, Kind.VERSION, "Operation"),
                null,
                word() + " the processes of the cluster's Pods, wave by wave");
    }

    @Override
    public ApiResponse answer(Call call) {
        Body<ClusterProcessOptions> body = Body.read(call.request(), ClusterProcessOptions.class);
        ClusterRequest request =
                ClusterRequest.of(
                        call,
                        word(),
                        ClusterProcessOptions.class,
                        Set.of(type),
                        OperationDraft.parameters(body.value()),
                        body.value().requestID(),
                        OptionChecks.isDryRun(call.request(), body.value().dryRun()));
        List<Failure.Cause> causes = OptionChecks.violations(body.value());
        if (!causes.isEmpty()) {
            throw request.invalid(causes);
        }
        List<String> warnings = warnings(request);
        Operation operation =
                verb.run(request, (found, operations) -> attempt(request, found, operations));
        return body.alsoWarning(warnings)
                .warn(
                        Answer.of(
                                call.request(),
                                request.dryRun() ? 200 : 202,
                                Json.tree(operation)));
    }

    private List<String> warnings(ClusterRequest request) {
        if (!isOfWholeGroups(request)) {
            return List.of();
        }
        String path = Cluster.path(Kind.MIDDLEWARE_CLUSTER, request.namespace());
        try {
            return FieldOwners.ofProcessState(
                    kube.get(path + "/" + request.cluster()),
                    request.parameters().groups(),
                    DurableChange.wanted(type));
        } catch (KubeFailure e) {
            // The read that counts follows and says what is wrong.
            return List.of();
        }
    }

    private Optional<Operation> attempt(
            ClusterRequest request, MiddlewareCluster found, List<Operation> operations) {
        List<GroupSnapshot> groups = cluster.groups(found);
        ProcessPlan plan = plan(request, groups);
        verb.refuseWhileBusy(request, found, operations);
        if (isOfWholeGroups(request)) {
            DurableChange change =
                    DurableChange.ofProcesses(
                            found, meant(request, groups), DurableChange.wanted(type));
            if (!change.isEmpty(found)) {
                if (Boolean.TRUE.equals(found.spec().paused())) {
                    throw request.conflict(
                            "spec.paused is true, so its Pods are left as they are; set it to false"
                                    + " first, or choose Pods by selector.role or"
                                    + " selector.ordinals");
                }
                return verb.change(
                        request, type, found, change, plan.toStatusSteps(), plan.toString());
            }
        }
        return Optional.of(create(request, found, plan));
    }

    private ProcessPlan plan(ClusterRequest request, List<GroupSnapshot> groups) {
        return switch (ProcessPlanner.plan(type, groups, request.parameters())) {
            case PlanOutcome.Planned(ProcessPlan plan) -> plan;
            case PlanOutcome.Refused(List<PlanOutcome.Problem> problems) ->
                    throw request.invalid(OptionChecks.causes(problems));
        };
    }

    private Operation create(ClusterRequest request, MiddlewareCluster found, ProcessPlan plan) {
        String id = request.requestedBy().requestID();
        Operation draft =
                verb.draft(request, type, found, OperationDraft.name(request.cluster(), id));
        String path = Cluster.path(Kind.OPERATION, request.namespace()) + request.dryRunQuery();
        try {
            Operation created = Json.convert(kube.create(path, Json.tree(draft)), Operation.class);
            return request.dryRun()
                    ? OperationDraft.pending(created, plan.toStatusSteps(), "dry run: " + plan)
                    : created;
        } catch (KubeFailure e) {
            return existing(request, draft, e)
                    .orElseThrow(() -> e.toFailure("cannot create the Operation"));
        }
    }

    /// The Operation that an equal request, or this one without an answer, created.
    private Optional<Operation> existing(
            ClusterRequest request, Operation draft, KubeFailure create) {
        boolean isRepeated = create.code() == 409 && request.requestedBy().requestID() != null;
        if (!isRepeated && create.code() != KubeFailure.TIMEOUT) {
            return Optional.empty();
        }
        String name = Objects.requireNonNull(draft.metadata().getName());
        Optional<Operation> found;
        try {
            found = cluster.findOperation(request.namespace(), name);
        } catch (Failure e) {
            return Optional.empty();
        }
        return found.map(request::same);
    }

    private boolean isOfWholeGroups(ClusterRequest request) {
        return type != Operation.Type.RESTART
                && request.parameters().role() == null
                && request.parameters().ordinals().isEmpty();
    }

    private static List<String> meant(ClusterRequest request, List<GroupSnapshot> all) {
        List<String> named = request.parameters().groups();
        return named.isEmpty() ? all.stream().map(GroupSnapshot::name).toList() : named;
    }

    private String word() {
        return ProcessPlanner.word(type).toLowerCase(Locale.ROOT);
    }
}
