package io.paas.controllers.expodset;

/// Something that kept an action from being carried out; becomes condition `Stalled`.
///
/// @param reason CamelCase
/// @param message what a person can act on
record Problem(String reason, String message) {

    /// The API server refuses the Pods that the template makes.
    static final String INVALID_TEMPLATE = "InvalidTemplate";

    /// A StorageClass does not let its claims grow.
    static final String EXPANSION_NOT_ALLOWED = "ExpansionNotAllowed";

    /// Whether only an edit helps, which is noticed by itself.
    boolean isLasting() {
        return reason.equals(INVALID_TEMPLATE) || reason.equals(EXPANSION_NOT_ALLOWED);
    }
}
