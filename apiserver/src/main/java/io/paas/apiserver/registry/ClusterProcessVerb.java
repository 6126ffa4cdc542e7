package io.paas.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.api.json.Json;
import io.paas.api.meta.Annotations;
import io.paas.api.meta.Names;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.Operation;
import io.paas.api.v1.VerbRequest;
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
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `POST middlewareclusters/{name}/{start,stop,restart}` (FR-024): one write, answered with 202 and
/// the Operation that the controllers carry out.
///
/// 1. A repeated requestID is answered as before.
/// 2. The plan is made; a selection that fits nothing is refused.
/// 3. Another Operation of the cluster that is not over refuses this one, and so does a change of
///    the spec that the controllers have not yet seen: it is about to become one.
/// 4. Start and stop of whole groups change the cluster's spec, so that new Pods obey; the
///    controllers derive Operation `<cluster>-g<generation>`. Anything else creates the Operation.
final class ClusterProcessVerb implements Subresource {

    private static final Duration DERIVED_WITHIN = Duration.ofSeconds(3);
    private static final Duration LOOK_EVERY = Duration.ofMillis(150);

    /// The controllers write the status of a busy cluster several times a second, and each write is
    /// another resourceVersion; the caller meant no particular one.
    private static final int ATTEMPTS = 5;

    private final Operation.Type type;
    private final KubeApi kube;
    private final Cluster cluster;

    ClusterProcessVerb(Operation.Type type, KubeApi kube, Cluster cluster) {
        this.type = type;
        this.kube = kube;
        this.cluster = cluster;
    }

    @Override
    public Route route() {
        return new Route(
                Parent.MIDDLEWARECLUSTERS,
                verb(),
                Route.Method.POST,
                ClusterProcessOptions.class,
                new GroupVersionKind(Kind.GROUP, Kind.VERSION, "Operation"),
                null,
                verb() + " the processes of the cluster's Pods, wave by wave");
    }

    @Override
    public ApiResponse answer(Call call) {
        Body<ClusterProcessOptions> body = Body.read(call.request(), ClusterProcessOptions.class);
        List<Failure.Cause> causes = OptionChecks.violations(body.value());
        if (!causes.isEmpty()) {
            throw invalid(call, causes);
        }
        boolean dryRun = OptionChecks.isDryRun(call.request(), body.value().dryRun());
        Request request =
                new Request(
                        call,
                        OperationDraft.parameters(body.value()),
                        new Operation.RequestedBy(
                                call.user().name(), body.value().requestID(), call.auditId()),
                        dryRun);
        List<String> warnings = warnings(request);
        Operation operation = operation(request, 1);
        return body.alsoWarning(warnings)
                .warn(Answer.of(call.request(), dryRun ? 200 : 202, Json.tree(operation)));
    }

    private List<String> warnings(Request request) {
        if (!request.isOfWholeGroups(type)) {
            return List.of();
        }
        String path = Cluster.path(Kind.MIDDLEWARE_CLUSTER, request.namespace());
        try {
            return FieldOwners.warnings(
                    kube.get(path + "/" + request.cluster()),
                    request.parameters().groups(),
                    DurableChange.wanted(type));
        } catch (KubeFailure e) {
            // The read that counts follows and says what is wrong.
            return List.of();
        }
    }

    private Operation operation(Request request, int attempt) {
        MiddlewareCluster found = cluster.middlewareCluster(request.namespace(), request.cluster());
        if (found.metadata().getDeletionTimestamp() != null) {
            throw conflict(request, "it is being deleted");
        }
        List<Operation> operations = cluster.operations(request.namespace(), request.cluster());
        Optional<Operation> repeated = repeated(request, found, operations);
        if (repeated.isPresent()) {
            return repeated.get();
        }
        List<GroupSnapshot> groups = cluster.groups(found);
        ProcessPlan plan = plan(request, groups);
        Cluster.running(operations)
                .ifPresent(
                        running -> {
                            throw conflict(
                                    request,
                                    "Operation \"%s\" is not over; wait for it or cancel it"
                                            .formatted(running.metadata().getName()));
                        });
        if (!request.dryRun() && !isObserved(found)) {
            throw conflict(request, "the controllers have not yet seen its last change; try again");
        }
        if (request.isOfWholeGroups(type)) {
            DurableChange change =
                    DurableChange.of(found, request.groups(groups), DurableChange.wanted(type));
            if (!change.isEmpty(found)) {
                if (Boolean.TRUE.equals(found.spec().paused())) {
                    throw conflict(
                            request,
                            "spec.paused is true, so its Pods are left as they are; set it to false"
                                    + " first, or choose Pods by selector.role or"
                                    + " selector.ordinals");
                }
                return change(request, found, change, plan, attempt);
            }
        }
        return create(request, found, plan);
    }

    private ProcessPlan plan(Request request, List<GroupSnapshot> groups) {
        return switch (ProcessPlanner.plan(type, groups, request.parameters())) {
            case PlanOutcome.Planned(ProcessPlan plan) -> plan;
            case PlanOutcome.Refused(List<PlanOutcome.Problem> problems) ->
                    throw invalid(
                            request.call(),
                            problems.stream()
                                    .map(
                                            problem ->
                                                    new Failure.Cause(
                                                            "FieldValueInvalid",
                                                            problem.field(),
                                                            problem.message()))
                                    .toList());
        };
    }

    private Operation create(Request request, MiddlewareCluster found, ProcessPlan plan) {
        String id = request.requestedBy().requestID();
        Operation draft = draft(request, found, OperationDraft.name(request.cluster(), id));
        String path = Cluster.path(Kind.OPERATION, request.namespace()) + request.dryRunQuery();
        try {
            Operation created = Json.convert(kube.create(path, Json.tree(draft)), Operation.class);
            return request.dryRun()
                    ? OperationDraft.pending(created, plan, "dry run: " + plan)
                    : created;
        } catch (KubeFailure e) {
            return existing(request, draft, e)
                    .orElseThrow(() -> e.toFailure("cannot create the Operation"));
        }
    }

    /// The Operation that an equal request, or this one without an answer, created.
    private Optional<Operation> existing(Request request, Operation draft, KubeFailure create) {
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
        return found.map(operation -> same(request, operation));
    }

    private Operation change(
            Request request,
            MiddlewareCluster found,
            DurableChange change,
            ProcessPlan plan,
            int attempt) {
        VerbRequest verb =
                new VerbRequest(
                        type,
                        generation(found) + 1,
                        request.call().user().name(),
                        request.requestedBy().requestID(),
                        request.call().auditId(),
                        request.parameters());
        String path =
                Cluster.path(Kind.MIDDLEWARE_CLUSTER, request.namespace())
                        + "/"
                        + request.cluster();
        long reached = verb.generation();
        try {
            JsonNode changed =
                    kube.jsonPatch(path + request.dryRunQuery(), change.toPatch(found, verb));
            reached = changed.path("metadata").path("generation").asLong(reached);
        } catch (KubeFailure e) {
            MiddlewareCluster now = reread(request, e);
            // A patch whose answer did not come may have been applied: then this is our own word.
            if (!verb.equals(lastVerb(now))) {
                boolean overtaken = !resourceVersion(found).equals(resourceVersion(now));
                if (overtaken && attempt < ATTEMPTS) {
                    return operation(request, attempt + 1);
                }
                throw overtaken
                        ? conflict(request, "it was changed at the same time; try again")
                        : cannotChange(request, e);
            }
        }
        String name = Names.operation(request.cluster(), reached);
        Operation reference = draft(request, found, name);
        if (request.dryRun()) {
            return OperationDraft.pending(reference, plan, "dry run: " + plan);
        }
        return awaited(request.namespace(), name)
                .orElseGet(
                        () ->
                                OperationDraft.pending(
                                        reference, plan, "waits for the controllers to begin"));
    }

    private static boolean isObserved(MiddlewareCluster found) {
        Long observed = found.status() == null ? null : found.status().observedGeneration();
        return observed != null && observed >= generation(found);
    }

    private static long generation(MiddlewareCluster found) {
        return Objects.requireNonNullElse(found.metadata().getGeneration(), 0L);
    }

    private Operation draft(Request request, MiddlewareCluster found, String name) {
        return OperationDraft.of(found, name, type, request.parameters(), request.requestedBy());
    }

    private MiddlewareCluster reread(Request request, KubeFailure patch) {
        try {
            return cluster.middlewareCluster(request.namespace(), request.cluster());
        } catch (Failure e) {
            throw cannotChange(request, patch);
        }
    }

    private static Failure cannotChange(Request request, KubeFailure patch) {
        return patch.toFailure("cannot change middlewareclusters \"" + request.cluster() + "\"");
    }

    private static String resourceVersion(MiddlewareCluster read) {
        return String.valueOf(read.metadata().getResourceVersion());
    }

    private Optional<Operation> repeated(
            Request request, MiddlewareCluster found, List<Operation> operations) {
        String id = request.requestedBy().requestID();
        if (id == null) {
            return Optional.empty();
        }
        for (Operation operation : operations) {
            Operation.RequestedBy by = operation.spec().requestedBy();
            if (by != null && id.equals(by.requestID())) {
                return Optional.of(same(request, operation));
            }
        }
        VerbRequest last = lastVerb(found);
        if (last == null || !id.equals(last.requestID())) {
            return Optional.empty();
        }
        String name = Names.operation(request.cluster(), last.generation());
        if (last.verb() != type || !last.body().equals(request.parameters())) {
            throw reused(request, name);
        }
        return Optional.of(
                awaited(request.namespace(), name).orElseGet(() -> draft(request, found, name)));
    }

    private static @Nullable VerbRequest lastVerb(MiddlewareCluster found) {
        String text =
                found.metadata().getAnnotations() == null
                        ? null
                        : found.metadata().getAnnotations().get(Annotations.REQUEST);
        try {
            return text == null ? null : Json.read(text, VerbRequest.class);
        } catch (IllegalArgumentException e) {
            // Written by another version of this server; it speaks of no request of ours.
            return null;
        }
    }

    private Operation same(Request request, Operation existing) {
        if (existing.spec().type() != type
                || !existing.spec().cluster().equals(request.cluster())
                || !Objects.equals(existing.spec().parameters(), request.parameters())) {
            throw reused(request, String.valueOf(existing.metadata().getName()));
        }
        return existing;
    }

    private static Failure reused(Request request, String operation) {
        return Failure.of(
                        409,
                        "AlreadyExists",
                        "requestID \"%s\" was used for Operation \"%s\", which asks for something else"
                                .formatted(request.requestedBy().requestID(), operation))
                .about(Kind.GROUP, Kind.OPERATION.plural(), operation);
    }

    private Optional<Operation> awaited(String namespace, String name) {
        long end = System.nanoTime() + DERIVED_WITHIN.toNanos();
        Optional<Operation> operation = cluster.findOperation(namespace, name);
        while (operation.isEmpty() && System.nanoTime() < end) {
            try {
                Thread.sleep(LOOK_EVERY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return operation;
            }
            operation = cluster.findOperation(namespace, name);
        }
        return operation;
    }

    private Failure invalid(Call call, List<Failure.Cause> causes) {
        return Failure.invalid(
                GroupVersionKind.GROUP, "ClusterProcessOptions", call.name(), causes);
    }

    private Failure conflict(Request request, String why) {
        return Failure.conflict(
                GroupVersionKind.GROUP,
                Kind.MIDDLEWARE_CLUSTER.plural(),
                request.cluster(),
                "cannot %s middlewareclusters \"%s\": %s"
                        .formatted(verb(), request.cluster(), why));
    }

    private String verb() {
        return ProcessPlanner.word(type).toLowerCase(Locale.ROOT);
    }

    private record Request(
            Call call,
            Operation.Parameters parameters,
            Operation.RequestedBy requestedBy,
            boolean dryRun) {

        String namespace() {
            return call.namespace();
        }

        String cluster() {
            return call.name();
        }

        String dryRunQuery() {
            return dryRun ? "?dryRun=All" : "";
        }

        boolean isOfWholeGroups(Operation.Type type) {
            return type != Operation.Type.RESTART
                    && parameters.role() == null
                    && parameters.ordinals().isEmpty();
        }

        List<String> groups(List<GroupSnapshot> all) {
            return parameters.groups().isEmpty()
                    ? all.stream().map(GroupSnapshot::name).toList()
                    : parameters.groups();
        }
    }
}
