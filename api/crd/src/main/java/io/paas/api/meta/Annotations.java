package io.paas.api.meta;

/// Annotation keys.
public final class Annotations {

    /// On a MiddlewareCluster: the last verb that changed its spec, as JSON `{requestID, user,
    /// auditID, verb, generation, body}`; written by the API server only.
    public static final String REQUEST = Labels.PREFIX + "request";

    /// On an ExPodSet: the ordinals that have joined, as numbers and ranges. A one-way fact, so it
    /// is not status.
    public static final String JOINED_ORDINALS = Labels.PREFIX + "joined-ordinals";

    private Annotations() {}
}
