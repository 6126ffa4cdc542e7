package io.paas.kube.client;

import org.jspecify.annotations.Nullable;

/// Which objects to list or watch.
///
/// @param namespace null for all namespaces
public record ListQuery(
        @Nullable String namespace,
        @Nullable String labelSelector,
        @Nullable String fieldSelector) {

    public static final ListQuery ALL = new ListQuery(null, null, null);

    public static ListQuery inNamespace(String namespace) {
        return new ListQuery(namespace, null, null);
    }

    /// The same objects of one namespace only.
    public ListQuery in(String only) {
        return new ListQuery(only, labelSelector, fieldSelector);
    }

    /// Whether objects of that namespace are asked for.
    public boolean covers(String other) {
        return namespace == null || namespace.equals(other);
    }

    /// The one object of that name.
    public ListQuery named(String name) {
        return new ListQuery(namespace, labelSelector, "metadata.name=" + name);
    }

    public ListQuery labelled(String selector) {
        return new ListQuery(namespace, selector, fieldSelector);
    }
}
