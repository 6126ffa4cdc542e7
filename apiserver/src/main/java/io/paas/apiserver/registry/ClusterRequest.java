package io.paas.apiserver.registry;

import io.paas.api.v1.Kind;
import io.paas.api.v1.Operation;
import io.paas.apiserver.kinds.GroupVersionKind;
import io.paas.apiserver.request.Failure;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One use of a verb on a cluster, read and checked.
///
/// @param cluster its name
/// @param verb as the path says it
/// @param options kind of the body
/// @param types of the Operations that it may become
/// @param given what the Operation's parameters are to be
/// @param retryOf the Operation that is tried again
record ClusterRequest(
        Call call,
        String cluster,
        String verb,
        String options,
        Set<Operation.Type> types,
        Operation.@Nullable Parameters given,
        @Nullable String retryOf,
        Operation.RequestedBy requestedBy,
        boolean dryRun) {

    /// Of a verb on the cluster itself.
    static ClusterRequest of(
            Call call,
            String verb,
            Class<?> options,
            Set<Operation.Type> types,
            Operation.Parameters parameters,
            @Nullable String requestId,
            boolean dryRun) {
        return new ClusterRequest(
                call,
                call.name(),
                verb,
                options.getSimpleName(),
                types,
                parameters,
                null,
                OperationDraft.requestedBy(call, requestId),
                dryRun);
    }

    Operation.Parameters parameters() {
        return Objects.requireNonNull(given);
    }

    String namespace() {
        return call.namespace();
    }

    String dryRunQuery() {
        return dryRun ? "?dryRun=All" : "";
    }

    /// The Operation that it made before.
    ///
    /// @throws Failure 409 when that one asks for something else
    Operation same(Operation existing) {
        if (!types.contains(existing.spec().type())
                || !existing.spec().cluster().equals(cluster())
                || !Objects.equals(existing.spec().retryOf(), retryOf)
                || !Objects.equals(existing.spec().parameters(), given)) {
            throw reused(String.valueOf(existing.metadata().getName()));
        }
        return existing;
    }

    Failure reused(String operation) {
        return Failure.of(
                        409,
                        "AlreadyExists",
                        "requestID \"%s\" was used for Operation \"%s\", which asks for something else"
                                .formatted(requestedBy.requestID(), operation))
                .about(Kind.GROUP, Kind.OPERATION.plural(), operation);
    }

    Failure invalid(List<Failure.Cause> causes) {
        return Failure.invalid(GroupVersionKind.GROUP, options, call.name(), causes);
    }

    Failure conflict(String why) {
        String resource = (retryOf == null ? Kind.MIDDLEWARE_CLUSTER : Kind.OPERATION).plural();
        return Failure.conflict(
                GroupVersionKind.GROUP,
                resource,
                call.name(),
                "cannot %s %s \"%s\": %s".formatted(verb, resource, call.name(), why));
    }
}
