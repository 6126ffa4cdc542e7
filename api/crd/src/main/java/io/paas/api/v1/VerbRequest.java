package io.paas.api.v1;

import org.jspecify.annotations.Nullable;

/// The verb that last changed a cluster's spec: the value of annotation
/// [io.paas.api.meta.Annotations#REQUEST], as JSON. The Operation that the controllers derive from
/// that change takes its parameters and its `requestedBy` from here.
///
/// @param generation that the spec had after the change; the annotation speaks of no other
/// @param body what the caller asked for; `role` and `ordinals` are never set
public record VerbRequest(
        Operation.Type verb,
        long generation,
        String user,
        @Nullable String requestID,
        @Nullable String auditID,
        Operation.Parameters body) {

    public Operation.RequestedBy requestedBy() {
        return new Operation.RequestedBy(user, requestID, auditID);
    }
}
