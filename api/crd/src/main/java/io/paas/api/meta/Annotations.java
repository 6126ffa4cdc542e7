package io.paas.api.meta;

/// Annotation keys.
public final class Annotations {

    /// On a MiddlewareCluster: the last verb that changed its spec, as JSON `{requestID, user,
    /// auditID, verb, generation, body}`; written by the API server only.
    public static final String REQUEST = Labels.PREFIX + "request";

    /// On an ExPodSet: the ordinals that have joined, as numbers and ranges. A one-way fact, so it
    /// is not status.
    public static final String JOINED_ORDINALS = Labels.PREFIX + "joined-ordinals";

    /// On a claim whose ordinal left the running set: when and by which generation of which
    /// ExPodSet, as JSON `{at, generation, uid}`.
    public static final String DECOMMISSIONED = Labels.PREFIX + "decommissioned";

    /// On a Pod, set when it is created: whether its process starts, `Running` or `Stopped`. The
    /// template reads it as `MIDDLEWARE_PROCESS_STATE`, so that a stop changes no template.
    public static final String PROCESS_STATE = Labels.PREFIX + "process-state";

    /// On a Pod while it is updated in place: the revision that it becomes, as JSON.
    public static final String IN_PLACE_UPDATE = Labels.PREFIX + "in-place-update";

    /// On objects of a cluster: hash of what was applied last. Fields that are no longer applied
    /// are noticed by it.
    public static final String APPLIED = Labels.PREFIX + "applied";

    /// On an Operation: how it ended, as JSON of [io.paas.api.v1.OperationOutcome]. Written before
    /// the final status; without it a lost status would make the Operation run again.
    public static final String OUTCOME = Labels.PREFIX + "outcome";

    /// On an ExPodSet of a cluster: the name of the cluster's revision that it was brought to. Its
    /// groups move one after the other, so it cannot be told from the cluster.
    public static final String CLUSTER_REVISION = Labels.PREFIX + "cluster-revision";

    /// On a MiddlewareCluster: the change of its spec that is not tried again, as JSON of
    /// [io.paas.api.v1.HeldChange]. A one-way fact: the Operation that failed is deleted in time.
    public static final String HELD = Labels.PREFIX + "held";

    /// On a MiddlewareCluster: the Operation that is to be tried again, as JSON of
    /// [io.paas.api.v1.RetryRequest]; written by the API server only. On its ExPodSets: the name of
    /// that Operation, so that calls to Pods are made again that failed for good.
    public static final String RETRY = Labels.PREFIX + "retry";

    private Annotations() {}
}
