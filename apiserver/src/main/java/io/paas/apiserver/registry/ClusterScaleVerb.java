package io.paas.apiserver.registry;

import io.paas.agent.AgentClient;
import io.paas.api.json.Json;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.MiddlewareCluster.DynamicGroup;
import io.paas.api.v1.Operation;
import io.paas.apiserver.client.Cluster;
import io.paas.apiserver.client.KubeApi;
import io.paas.apiserver.client.KubeFailure;
import io.paas.apiserver.discovery.Parent;
import io.paas.apiserver.discovery.Route;
import io.paas.apiserver.kinds.GroupVersionKind;
import io.paas.apiserver.kinds.ScaleOptions;
import io.paas.apiserver.request.ApiResponse;
import io.paas.apiserver.request.Failure;
import io.paas.plan.cluster.ClusterChange;
import io.paas.plan.cluster.GroupSize;
import io.paas.plan.cluster.GroupState;
import io.paas.plan.cluster.ScalePlanner;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// `POST middlewareclusters/{name}/scale` (FR-007): a group gets more Pods, loses named ones, or
/// gets them back.
///
/// Pods leave only after the extension was asked whether they may; admission has judged the size
/// before that, because its answer says what would be right.
final class ClusterScaleVerb implements Subresource {

    private static final String VERB = "scale";

    /// The groups may differ in more than what was asked for.
    private static final Set<Operation.Type> TYPES =
            EnumSet.of(
                    Operation.Type.SCALE_OUT,
                    Operation.Type.SCALE_IN,
                    Operation.Type.TOPOLOGY_CHANGE,
                    Operation.Type.TEMPLATE_CHANGE);

    private final KubeApi kube;
    private final Cluster cluster;
    private final ClusterVerb verb;
    private final ScaleInCheck check;

    ClusterScaleVerb(KubeApi kube, Cluster cluster, AgentClient agents) {
        this.kube = kube;
        this.cluster = cluster;
        this.verb = new ClusterVerb(kube, cluster);
        this.check = new ScaleInCheck(cluster, agents);
    }

    @Override
    public Route route() {
        return new Route(
                Parent.MIDDLEWARECLUSTERS,
                VERB,
                Route.Method.POST,
                ScaleOptions.class,
                new GroupVersionKind(Kind.GROUP, Kind.VERSION, "Operation"),
                null,
                "scale a group of the cluster, by number or by named ordinals");
    }

    @Override
    public ApiResponse answer(Call call) {
        Body<ScaleOptions> body = Body.read(call.request(), ScaleOptions.class);
        ScaleOptions options = body.value();
        String group = Objects.requireNonNullElse(options.group(), "");
        ClusterRequest request =
                ClusterRequest.of(
                        call,
                        VERB,
                        ScaleOptions.class,
                        TYPES,
                        Operation.Parameters.ofScale(
                                group,
                                options.replicas(),
                                options.removeOrdinals(),
                                options.restoreOrdinals()),
                        options.requestID(),
                        OptionChecks.isDryRun(call.request(), options.dryRun()));
        List<Failure.Cause> causes = OptionChecks.violations(options);
        if (!causes.isEmpty()) {
            throw request.invalid(causes);
        }
        List<String> warnings = warnings(request, group);
        Operation operation =
                verb.run(
                        request, (found, operations) -> attempt(request, group, found, operations));
        boolean isNothing = operation.metadata().getUid() == null && isOver(operation);
        return body.alsoWarning(warnings)
                .warn(
                        Answer.of(
                                call.request(),
                                request.dryRun() || isNothing ? 200 : 202,
                                Json.tree(operation)));
    }

    private static boolean isOver(Operation operation) {
        return operation.status() != null
                && operation.status().phase() == Operation.Phase.SUCCEEDED;
    }

    private List<String> warnings(ClusterRequest request, String group) {
        String path = Cluster.path(Kind.MIDDLEWARE_CLUSTER, request.namespace());
        try {
            return FieldOwners.of(kube.get(path + "/" + request.cluster()), group, "replicas");
        } catch (KubeFailure e) {
            // The read that counts follows and says what is wrong.
            return List.of();
        }
    }

    private Optional<Operation> attempt(
            ClusterRequest request,
            String group,
            MiddlewareCluster found,
            List<Operation> operations) {
        ExPodSet set = set(request, group, found);
        GroupSize now = size(found, set);
        GroupSize wanted = plan(request, now);
        verb.refuseWhileBusy(request, found, operations);
        if (wanted.equals(now)) {
            String name = OperationDraft.name(request.cluster(), request.requestedBy().requestID());
            return Optional.of(
                    OperationDraft.nothingToDo(
                            verb.draft(request, Operation.Type.SCALE_OUT, found, name),
                            "nothing to do: group "
                                    + group
                                    + " is wanted with "
                                    + now.replicas()
                                    + " Pods already"));
        }
        if (Boolean.TRUE.equals(found.spec().paused())) {
            throw request.conflict(
                    "spec.paused is true, so its Pods are left as they are; set it to false first");
        }
        boolean leaves = !now.without(wanted).isEmpty();
        Operation.Type type = leaves ? Operation.Type.SCALE_IN : Operation.Type.SCALE_OUT;
        DurableChange change = DurableChange.ofSize(found, group, wanted);
        if (leaves) {
            if (!verb.isAdmitted(request, type, found, change)) {
                return Optional.empty();
            }
            check.refuseUnlessAllowed(request, found, set, now, wanted);
        }
        Operation.Change step = ClusterChange.scale(group, now, wanted);
        return verb.change(
                request,
                type,
                found,
                change,
                List.of(ClusterChange.pending(step)),
                ClusterChange.text(step));
    }

    private ExPodSet set(ClusterRequest request, String group, MiddlewareCluster found) {
        List<ExPodSet> sets = cluster.expodsets(found);
        return sets.stream()
                .filter(set -> GroupState.group(set).equals(group))
                .findFirst()
                .orElseThrow(
                        () ->
                                request.invalid(
                                        List.of(
                                                new Failure.Cause(
                                                        "FieldValueInvalid",
                                                        "group",
                                                        "\"%s\" is no group of the cluster; its groups: %s"
                                                                .formatted(group, names(sets))))));
    }

    private static String names(List<ExPodSet> sets) {
        return String.join(", ", sets.stream().map(GroupState::group).sorted().toList());
    }

    /// The size that the spec gives the group; where it says nothing, the topology's, which its
    /// ExPodSet has.
    private static GroupSize size(MiddlewareCluster found, ExPodSet set) {
        GroupState state = GroupState.of(set);
        Optional<DynamicGroup> wish =
                found.spec().dynamicGroups().stream()
                        .filter(group -> group.name().equals(state.group()))
                        .findFirst();
        return new GroupSize(
                wish.map(DynamicGroup::replicas).orElse(state.size().replicas()),
                wish.map(DynamicGroup::offlineOrdinals).orElse(List.of()));
    }

    private static GroupSize plan(ClusterRequest request, GroupSize now) {
        return switch (ScalePlanner.plan(now, request.parameters())) {
            case ScalePlanner.Outcome.Planned(GroupSize size) -> size;
            case ScalePlanner.Outcome.Refused(var problems) ->
                    throw request.invalid(OptionChecks.causes(problems));
        };
    }
}
