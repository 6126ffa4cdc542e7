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

    /// The one object of that name.
    public ListQuery named(String name) {
        return new ListQuery(namespace, labelSelector, "metadata.name=" + name);
    }

    public ListQuery labelled(String selector) {
        return new ListQuery(namespace, selector, fieldSelector);
    }
}
