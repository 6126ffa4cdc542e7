package io.paas.plan.expodset;

import com.fasterxml.jackson.databind.JsonNode;

/// One version of a set's template, kept in a ControllerRevision.
///
/// @param name `<set>-<hash>`
/// @param number grows with each change; the update revision has the greatest
public record Revision(String name, long number, JsonNode template) {}
