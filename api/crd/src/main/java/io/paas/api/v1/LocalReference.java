package io.paas.api.v1;

/// The name of an object in the same namespace.
public record LocalReference(String name) {}
