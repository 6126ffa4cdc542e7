package io.paas.apiserver.registry;

import io.paas.agent.AgentClient;
import io.paas.api.json.Json;
import io.paas.api.v1.Condition;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.HeldChange;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.MiddlewareCluster.DynamicGroup;
import io.paas.api.v1.Operation;
import io.paas.api.v1.RetryRequest;
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
import io.paas.plan.cluster.ClusterPlanner;
import io.paas.plan.cluster.GroupSize;
import io.paas.plan.cluster.GroupState;
import io.paas.plan.cluster.ScalePlanner;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

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
        // Only once a request: the hook takes its time, and each status that is written meanwhile
        // makes another attempt of the patch.
        AtomicReference<GroupSize> allowed = new AtomicReference<>();
        Operation operation =
                verb.run(
                        request,
                        (found, operations) -> attempt(request, group, found, operations, allowed));
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
            List<Operation> operations,
            AtomicReference<GroupSize> allowed) {
        verb.refuseWhileBusy(request, found, operations);
        ExPodSet set = set(request, group, found);
        GroupSize now = size(found, set);
        GroupSize wanted = plan(request, now);
        refuseWhileNotFollowed(request, found);
        if (wanted.equals(now)) {
            refuseWhileHeld(request, found);
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
        verb.refuseWhilePaused(request, found, "");
        boolean leaves = !now.without(wanted).isEmpty();
        Operation.Type type = leaves ? Operation.Type.SCALE_IN : Operation.Type.SCALE_OUT;
        DurableChange change = DurableChange.ofSize(found, group, wanted);
        if (leaves) {
            if (!verb.isAdmitted(request, type, found, change)) {
                return Optional.empty();
            }
            if (!wanted.equals(allowed.get())) {
                check.refuseUnlessAllowed(request, found, set, now, wanted);
                allowed.set(wanted);
            }
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

    /// What the spec says already and an Operation did not bring about is not done.
    private static void refuseWhileHeld(ClusterRequest request, MiddlewareCluster found) {
        HeldChange held = HeldChange.of(found);
        RetryRequest wish = RetryRequest.of(found);
        if (held != null
                && Objects.equals(held.generation(), found.metadata().getGeneration())
                && (wish == null || !wish.operation().equals(held.operation()))) {
            throw request.conflict(
                    ("Operation \"%s\" did not bring about what the spec says already (%s); use its"
                                    + " verb retry")
                            .formatted(held.operation(), held.reason()));
        }
    }

    /// No Operation would follow from the patch: what is in the way comes first.
    private static void refuseWhileNotFollowed(ClusterRequest request, MiddlewareCluster found) {
        List<Condition> conditions =
                found.status() == null ? List.of() : found.status().conditions();
        conditions.stream()
                .filter(c -> c.type().equals("Stalled") && c.isTrue())
                .filter(c -> ClusterPlanner.HOLDING.contains(c.reason()))
                .findFirst()
                .ifPresent(
                        condition -> {
                            throw request.conflict(
                                    "its spec is not followed: " + condition.message());
                        });
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

    /// The size that the spec gives the group; where it says nothing, that of its ExPodSet.
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
