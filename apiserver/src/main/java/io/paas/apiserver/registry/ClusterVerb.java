package io.paas.apiserver.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
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
import io.paas.apiserver.request.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What all verbs on a cluster do alike: one write, answered with the Operation that it becomes.
///
/// 1. A repeated requestID is answered as before.
/// 2. The verb makes its plan and refuses what is wrong.
/// 3. Another Operation of the cluster that is not over refuses this one, and so does a change of
///    the spec that the controllers have not yet seen: it is about to become one.
/// 4. A verb that changes what is wanted patches the spec; the controllers derive Operation
///    `<cluster>-g<generation>` from that.
final class ClusterVerb {

    private static final Duration DERIVED_WITHIN = Duration.ofSeconds(3);
    private static final Duration LOOK_EVERY = Duration.ofMillis(150);

    /// The controllers write the status of a busy cluster several times a second, and each write is
    /// another resourceVersion; the caller meant no particular one.
    private static final int ATTEMPTS = 5;

    /// What one verb does with the cluster as it is now.
    interface Attempt {
        /// Empty when the cluster was changed meanwhile: it is read and tried again.
        Optional<Operation> on(MiddlewareCluster found, List<Operation> operations);
    }

    private final KubeApi kube;
    private final Cluster cluster;

    ClusterVerb(KubeApi kube, Cluster cluster) {
        this.kube = kube;
        this.cluster = cluster;
    }

    Operation run(ClusterRequest request, Attempt attempt) {
        for (int i = 0; i < ATTEMPTS; i++) {
            MiddlewareCluster found =
                    cluster.middlewareCluster(request.namespace(), request.cluster());
            if (found.metadata().getDeletionTimestamp() != null) {
                throw request.conflict("it is being deleted");
            }
            List<Operation> operations = cluster.operations(request.namespace(), request.cluster());
            Optional<Operation> repeated = repeated(request, found, operations);
            Optional<Operation> done =
                    repeated.isPresent() ? repeated : attempt.on(found, operations);
            if (done.isPresent()) {
                return done.get();
            }
        }
        throw request.conflict("it was changed at the same time; try again");
    }

    void refuseWhilePaused(ClusterRequest request, MiddlewareCluster found, String otherwise) {
        if (Boolean.TRUE.equals(found.spec().paused())) {
            throw request.conflict(
                    "spec.paused is true, so its Pods are left as they are; set it to false first"
                            + otherwise);
        }
    }

    void refuseWhileBusy(
            ClusterRequest request, MiddlewareCluster found, List<Operation> operations) {
        Cluster.running(operations)
                .ifPresent(
                        running -> {
                            throw request.conflict(
                                    "Operation \"%s\" is not over; wait for it or cancel it"
                                            .formatted(running.metadata().getName()));
                        });
        if (!request.dryRun() && !isObserved(found)) {
            throw request.conflict("the controllers have not yet seen its last change; try again");
        }
    }

    /// Changes the spec.
    ///
    /// @param planned the steps that the Operation is going to have
    /// @param plan the same for people
    /// @return the Operation; empty when the cluster was changed meanwhile
    Optional<Operation> change(
            ClusterRequest request,
            Operation.Type type,
            MiddlewareCluster found,
            DurableChange change,
            List<Operation.Step> planned,
            String plan) {
        VerbRequest verb = verb(request, type, found);
        return patch(
                        request,
                        found,
                        change.toPatch(found, verb),
                        request.dryRun(),
                        now -> verb.equals(lastVerb(now)))
                .map(now -> verb.equals(lastVerb(now)) ? verb.generation() : generation(now))
                .map(
                        reached ->
                                follow(
                                        request,
                                        draft(
                                                request,
                                                type,
                                                found,
                                                Names.operation(request.cluster(), reached)),
                                        planned,
                                        plan,
                                        () -> named(request, reached)));
    }

    /// The Operation that the controllers make of a change.
    ///
    /// @param expected what it is going to look like
    /// @param find looks for it
    Operation follow(
            ClusterRequest request,
            Operation expected,
            List<Operation.Step> planned,
            String plan,
            Supplier<Optional<Operation>> find) {
        return request.dryRun()
                ? OperationDraft.pending(expected, planned, "dry run: " + plan)
                : awaited(find)
                        .orElseGet(
                                () ->
                                        OperationDraft.pending(
                                                expected,
                                                planned,
                                                "waits for the controllers to begin"));
    }

    /// Patches the cluster.
    ///
    /// @param patch that holds for exactly the object that was found
    /// @param isDone whether this patch made a cluster what it is: one whose answer did not come
    ///   may have been applied
    /// @return what it became; empty when it was changed meanwhile
    Optional<MiddlewareCluster> patch(
            ClusterRequest request,
            MiddlewareCluster found,
            ArrayNode patch,
            boolean dryRun,
            Predicate<MiddlewareCluster> isDone) {
        String path =
                Cluster.path(Kind.MIDDLEWARE_CLUSTER, request.namespace())
                        + "/"
                        + request.cluster()
                        + (dryRun ? "?dryRun=All" : "");
        try {
            return Optional.of(Json.convert(kube.jsonPatch(path, patch), MiddlewareCluster.class));
        } catch (KubeFailure e) {
            MiddlewareCluster now = reread(request, e);
            if (isDone.test(now)) {
                return Optional.of(now);
            }
            if (!resourceVersion(found).equals(resourceVersion(now))) {
                return Optional.empty();
            }
            throw cannotChange(request, e);
        }
    }

    /// Whether kube-apiserver would take a change; nothing is written.
    ///
    /// @return false when the cluster was changed meanwhile
    /// @throws Failure when admission refuses it
    boolean isAdmitted(
            ClusterRequest request,
            Operation.Type type,
            MiddlewareCluster found,
            DurableChange change) {
        ArrayNode patch = change.toPatch(found, verb(request, type, found));
        return patch(request, found, patch, true, _ -> false).isPresent();
    }

    private static VerbRequest verb(
            ClusterRequest request, Operation.Type type, MiddlewareCluster found) {
        return new VerbRequest(
                type,
                generation(found) + 1,
                request.call().user().name(),
                request.requestedBy().requestID(),
                request.call().auditId(),
                request.parameters());
    }

    /// Creates the Operation.
    ///
    /// @param planned the steps that it is going to have
    /// @param plan the same for people
    Operation create(
            ClusterRequest request,
            Operation.Type type,
            MiddlewareCluster found,
            List<Operation.Step> planned,
            String plan) {
        String id = request.requestedBy().requestID();
        Operation draft = draft(request, type, found, OperationDraft.name(request.cluster(), id));
        String path = Cluster.path(Kind.OPERATION, request.namespace()) + request.dryRunQuery();
        try {
            Operation created = Json.convert(kube.create(path, Json.tree(draft)), Operation.class);
            return request.dryRun()
                    ? OperationDraft.pending(created, planned, "dry run: " + plan)
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

    Operation draft(
            ClusterRequest request, Operation.Type type, MiddlewareCluster found, String name) {
        return OperationDraft.of(found, name, type, request);
    }

    private static boolean isObserved(MiddlewareCluster found) {
        Long observed = found.status() == null ? null : found.status().observedGeneration();
        return observed != null && observed >= generation(found);
    }

    private static long generation(MiddlewareCluster found) {
        return Objects.requireNonNullElse(found.metadata().getGeneration(), 0L);
    }

    private MiddlewareCluster reread(ClusterRequest request, KubeFailure patch) {
        try {
            return cluster.middlewareCluster(request.namespace(), request.cluster());
        } catch (Failure e) {
            throw cannotChange(request, patch);
        }
    }

    private static Failure cannotChange(ClusterRequest request, KubeFailure patch) {
        return patch.toFailure("cannot change middlewareclusters \"" + request.cluster() + "\"");
    }

    private static String resourceVersion(MiddlewareCluster read) {
        return String.valueOf(read.metadata().getResourceVersion());
    }

    private Optional<Operation> repeated(
            ClusterRequest request, MiddlewareCluster found, List<Operation> operations) {
        String id = request.requestedBy().requestID();
        if (id == null) {
            return Optional.empty();
        }
        for (Operation operation : operations) {
            Operation.RequestedBy by = operation.spec().requestedBy();
            if (by != null && id.equals(by.requestID())) {
                return Optional.of(request.same(operation));
            }
        }
        VerbRequest last = lastVerb(found);
        if (last == null || !id.equals(last.requestID())) {
            return Optional.empty();
        }
        String name = Names.operation(request.cluster(), last.generation());
        if (!request.types().contains(last.verb()) || !last.body().equals(request.given())) {
            throw request.reused(name);
        }
        return Optional.of(
                awaited(() -> named(request, last.generation()))
                        .orElseGet(() -> draft(request, last.verb(), found, name)));
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

    private Optional<Operation> named(ClusterRequest request, long generation) {
        return cluster.findOperation(
                request.namespace(), Names.operation(request.cluster(), generation));
    }

    private static Optional<Operation> awaited(Supplier<Optional<Operation>> find) {
        long end = System.nanoTime() + DERIVED_WITHIN.toNanos();
        Optional<Operation> operation = find.get();
        while (operation.isEmpty() && System.nanoTime() < end) {
            try {
                Thread.sleep(LOOK_EVERY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return operation;
            }
            operation = find.get();
        }
        return operation;
    }
}
