package io.paas.apiserver.registry;

import io.paas.api.v1.Kind;
import io.paas.api.v1.Operation;
import io.paas.apiserver.kinds.GroupVersionKind;
import io.paas.apiserver.request.Failure;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// One use of a verb on a cluster, read and checked.
///
/// @param verb as the path says it
/// @param options kind of the body
/// @param types of the Operations that it may become
record ClusterRequest(
        Call call,
        String verb,
        String options,
        Set<Operation.Type> types,
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

    /// The Operation that it made before.
    ///
    /// @throws Failure 409 when that one asks for something else
    Operation same(Operation existing) {
        if (!types.contains(existing.spec().type())
                || !existing.spec().cluster().equals(cluster())
                || !Objects.equals(existing.spec().parameters(), parameters)) {
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
        return Failure.invalid(GroupVersionKind.GROUP, options, cluster(), causes);
    }

    Failure conflict(String why) {
        return Failure.conflict(
                GroupVersionKind.GROUP,
                Kind.MIDDLEWARE_CLUSTER.plural(),
                cluster(),
                "cannot %s middlewareclusters \"%s\": %s".formatted(verb, cluster(), why));
    }
}
