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
        if (!isDurable(type, request.parameters())) {
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
        ProcessPlan plan = plan(request, type, request.parameters(), groups);
        verb.refuseWhileBusy(request, found, operations);
        if (isDurable(type, request.parameters())) {
            DurableChange change = durable(type, request.parameters(), found, groups);
            if (!change.isEmpty(found)) {
                verb.refuseWhilePaused(
                        request, found, ", or choose Pods by selector.role or selector.ordinals");
                return verb.change(
                        request, type, found, change, plan.toStatusSteps(), plan.toString());
            }
        }
        return Optional.of(
                verb.create(request, type, found, plan.toStatusSteps(), plan.toString()));
    }

    static ProcessPlan plan(
            ClusterRequest request,
            Operation.Type type,
            Operation.Parameters parameters,
            List<GroupSnapshot> groups) {
        return switch (ProcessPlanner.plan(type, groups, parameters)) {
            case PlanOutcome.Planned(ProcessPlan plan) -> plan;
            case PlanOutcome.Refused(List<PlanOutcome.Problem> problems) ->
                    throw request.invalid(OptionChecks.causes(problems));
        };
    }

    /// Whether it is of whole groups, so that new Pods obey, too.
    static boolean isDurable(Operation.Type type, Operation.Parameters parameters) {
        return type != Operation.Type.RESTART
                && parameters.role() == null
                && parameters.ordinals().isEmpty();
    }

    /// What a durable verb changes of the spec.
    static DurableChange durable(
            Operation.Type type,
            Operation.Parameters parameters,
            MiddlewareCluster found,
            List<GroupSnapshot> groups) {
        List<String> named = parameters.groups();
        return DurableChange.ofProcesses(
                found,
                named.isEmpty() ? groups.stream().map(GroupSnapshot::name).toList() : named,
                DurableChange.wanted(type));
    }

    private String word() {
        return ProcessPlanner.word(type).toLowerCase(Locale.ROOT);
    }
}
