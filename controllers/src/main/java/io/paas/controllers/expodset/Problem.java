package io.paas.controllers.expodset;

import io.paas.api.meta.Annotations;
import io.paas.api.v1.ExPodSet;
import io.paas.plan.expodset.Decommission;

/// Something that kept an action from being carried out; becomes condition `Stalled`.
///
/// @param reason CamelCase
/// @param message what a person can act on
record Problem(String reason, String message) {

    /// A Pod that is not made because its claim was taken out of service.
    static Problem of(ExPodSet set, Decommission.Blocked blocked) {
        return new Problem(
                "ClaimDecommissioned",
                "Pod "
                        + set.metadata().getName()
                        + "-"
                        + blocked.ordinal()
                        + " is not made: claim "
                        + blocked.claim()
                        + " was decommissioned ("
                        + blocked.mark()
                        + "). To use its data, remove annotation "
                        + Annotations.DECOMMISSIONED
                        + "; to begin without, delete the claim.");
    }

    /// The API server refuses the Pods that the template makes.
    static final String INVALID_TEMPLATE = "InvalidTemplate";

    /// A StorageClass does not let its claims grow.
    static final String EXPANSION_NOT_ALLOWED = "ExpansionNotAllowed";

    /// Whether only an edit helps, which is noticed by itself.
    boolean isLasting() {
        return reason.equals(INVALID_TEMPLATE) || reason.equals(EXPANSION_NOT_ALLOWED);
    }
}
