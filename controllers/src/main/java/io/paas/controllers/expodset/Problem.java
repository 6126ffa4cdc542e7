package io.paas.controllers.expodset;

/// Something that kept an action from being carried out; becomes condition `Stalled`.
///
/// @param reason CamelCase
/// @param message what a person can act on
record Problem(String reason, String message) {}
