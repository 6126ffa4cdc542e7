package io.paas.controllers.cluster;

import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.paas.api.json.Json;
import io.paas.api.meta.Annotations;
import io.paas.api.meta.Labels;
import io.paas.api.meta.Names;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.Operation;
import io.paas.api.v1.OperationOutcome;
import io.paas.api.v1.ProcessState;
import io.paas.api.v1.RetryRequest;
import io.paas.api.v1.VerbRequest;
import io.paas.plan.cluster.ClusterChange;
import io.paas.plan.cluster.ClusterPlan;
import io.paas.plan.cluster.Revision;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The Operations that follow from a changed spec: a group whose ExPodSet says another process
/// state than the spec is started or stopped, and other differences of groups are brought about by
/// one more. Named after the generation, so that each is made once.
final class DerivedOperations {

    private static final String START_AFTER_STOP = "-start";

    /// The kind's default, and what it allows.
    private static final int DEADLINE_SECONDS = 3600;

    private static final int LONGEST_SECONDS = 604_800;

    /// Large groups are replaced one by one: a deadline must not end what makes progress.
    private static final long SECONDS_PER_POD = 300;

    private DerivedOperations() {}

    /// Empty when nothing changes for any Pod that is wanted. A plan whose groups go both ways
    /// needs two: the stop first.
    static List<Operation> of(ClusterWorld world, ClusterPlan.Run plan) {
        List<String> stops = new ArrayList<>();
        List<String> starts = new ArrayList<>();
        for (ClusterPlan.Group group : plan.groups()) {
            ExPodSet set = world.expodsets().get(group.name());
            if (set == null || pods(set) == 0 || stateOf(set) == group.processState()) {
                continue;
            }
            (group.processState() == ProcessState.STOPPED ? stops : starts).add(group.name());
        }
        String name = name(world);
        VerbRequest verb = verb(world, true);
        List<Operation> operations = new ArrayList<>();
        if (!stops.isEmpty()) {
            operations.add(operation(world, name, Operation.Type.STOP, stops, verb));
        }
        if (!starts.isEmpty()) {
            String unique = stops.isEmpty() ? name : name + START_AFTER_STOP;
            operations.add(operation(world, unique, Operation.Type.START, starts, verb));
        }
        return operations;
    }

    /// What is left of a verb whose change was changed again before anybody looked at it: its
    /// caller was promised an Operation, and finds it Cancelled.
    static Optional<Operation> superseded(ClusterWorld world, Instant now) {
        MiddlewareCluster.Status status = world.cluster().status();
        Long observed = status == null ? null : status.observedGeneration();
        VerbRequest verb = lastVerb(world);
        // Without a status nobody knows; but no verb changes a cluster before it has one.
        if (verb == null
                || observed == null
                || verb.generation() <= observed
                || verb.generation() >= world.generation()) {
            return Optional.empty();
        }
        OperationOutcome outcome =
                new OperationOutcome(
                        Operation.Phase.CANCELLED,
                        "Superseded",
                        "the cluster's spec was changed again, to generation "
                                + world.generation()
                                + ", before this change was looked at",
                        "0/0",
                        null,
                        now.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC));
        String name = Names.operation(world.key().name(), verb.generation());
        Operation operation =
                verb.verb().isOfProcesses()
                        ? operation(world, name, verb.verb(), verb.body().groups(), verb)
                        : change(
                                world,
                                name,
                                verb.verb(),
                                nothing(world, verb),
                                verb.body(),
                                null,
                                verb.requestedBy(),
                                null);
        operation.metadata().putAnnotationsItem(Annotations.OUTCOME, Json.write(outcome));
        return Optional.of(operation);
    }

    /// Whether it starts or stops processes because the present spec says so.
    static boolean isOfProcesses(ClusterWorld world, Operation operation) {
        String first = name(world);
        return operation.spec().transition() == null
                && Set.of(first, first + START_AFTER_STOP)
                        .contains(String.valueOf(operation.metadata().getName()));
    }

    /// The first one that follows from the present spec.
    static String name(ClusterWorld world) {
        return Names.operation(world.key().name(), world.generation());
    }

    /// The Operation that changes the groups.
    ///
    /// @param retry the wish that it follows; null when it follows the spec
    static Operation change(
            ClusterWorld world, String name, ClusterChange change, @Nullable RetryRequest retry) {
        VerbRequest verb = verb(world, false);
        return change(
                world,
                name,
                change.type(),
                change.transition(world.generation()),
                verb == null ? null : verb.body(),
                retry == null ? null : retry.operation(),
                retry != null ? retry.requestedBy() : verb == null ? null : verb.requestedBy(),
                deadlineSeconds(change.pods()));
    }

    private static Operation change(
            ClusterWorld world,
            String name,
            Operation.Type type,
            Operation.Transition transition,
            Operation.@Nullable Parameters parameters,
            @Nullable String retryOf,
            Operation.@Nullable RequestedBy requestedBy,
            @Nullable Integer deadlineSeconds) {
        return operation(
                world,
                name,
                new Operation.Spec(
                        type,
                        world.key().name(),
                        parameters,
                        transition,
                        retryOf,
                        requestedBy,
                        deadlineSeconds,
                        null,
                        null));
    }

    private static Operation.Transition nothing(ClusterWorld world, VerbRequest verb) {
        String revision = world.snapshot().current().map(Revision::name).orElse("");
        return new Operation.Transition(verb.generation(), null, revision, List.of());
    }

    private static int deadlineSeconds(int pods) {
        return Math.clamp(SECONDS_PER_POD * pods, DEADLINE_SECONDS, LONGEST_SECONDS);
    }

    static ProcessState stateOf(ExPodSet set) {
        return Objects.requireNonNullElse(set.spec().processState(), ProcessState.RUNNING);
    }

    private static int pods(ExPodSet set) {
        return Objects.requireNonNullElse(set.spec().replicas(), 1);
    }

    /// @param verb that asked for it; null when the spec was edited
    private static Operation operation(
            ClusterWorld world,
            String name,
            Operation.Type type,
            List<String> groups,
            @Nullable VerbRequest verb) {
        return operation(
                world,
                name,
                new Operation.Spec(
                        type,
                        world.key().name(),
                        parameters(groups, verb),
                        null,
                        null,
                        verb == null ? null : verb.requestedBy(),
                        null,
                        null,
                        null));
    }

    private static Operation operation(ClusterWorld world, String name, Operation.Spec spec) {
        V1ObjectMeta metadata =
                new V1ObjectMeta()
                        .name(name)
                        .namespace(world.key().namespace())
                        .labels(
                                Map.of(
                                        Labels.CLUSTER,
                                        world.key().name(),
                                        Labels.MANAGED_BY,
                                        Labels.MANAGED_BY_VALUE))
                        .addOwnerReferencesItem(
                                new V1OwnerReference()
                                        .apiVersion(Kind.API_VERSION)
                                        .kind(Kind.MIDDLEWARE_CLUSTER.kind())
                                        .name(world.key().name())
                                        .uid(world.uid())
                                        .controller(true)
                                        .blockOwnerDeletion(true));
        return new Operation(Kind.API_VERSION, Kind.OPERATION.kind(), metadata, spec, null);
    }

    private static Operation.Parameters parameters(
            List<String> groups, @Nullable VerbRequest verb) {
        if (verb == null) {
            return Operation.Parameters.ofProcesses(
                    groups, null, List.of(), null, null, null, null);
        }
        Operation.Parameters asked = verb.body();
        return Operation.Parameters.ofProcesses(
                groups,
                null,
                List.of(),
                asked.mode(),
                asked.gracePeriodSeconds(),
                asked.maxConcurrent(),
                asked.intervalSeconds());
    }

    /// The verb that made the present generation; null when it was an edit, or a verb of the other
    /// kind: what that left undone before is not its caller's.
    private static @Nullable VerbRequest verb(ClusterWorld world, boolean ofProcesses) {
        VerbRequest last = lastVerb(world);
        return last == null
                        || last.generation() != world.generation()
                        || last.verb().isOfProcesses() != ofProcesses
                ? null
                : last;
    }

    private static @Nullable VerbRequest lastVerb(ClusterWorld world) {
        Map<String, String> annotations = world.cluster().metadata().getAnnotations();
        String text = annotations == null ? null : annotations.get(Annotations.REQUEST);
        try {
            VerbRequest last = text == null ? null : Json.read(text, VerbRequest.class);
            // One of another version of the API server may lack what we need.
            return last == null || last.verb() == null || last.body() == null ? null : last;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
