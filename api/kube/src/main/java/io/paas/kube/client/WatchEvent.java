package io.paas.kube.client;

/// One line of a watch. An error line is thrown as [ApiFailure] instead.
public sealed interface WatchEvent<T> {

    /// The object was created or changed, or began to match the selector.
    record Upsert<T>(T object) implements WatchEvent<T> {}

    /// The object is gone, or no longer matches; its last state, with the deletion's version.
    record Deleted<T>(T object) implements WatchEvent<T> {}

    /// Nothing of ours changed up to this version.
    record Bookmark<T>(String resourceVersion) implements WatchEvent<T> {}
}
