package io.paas.api.meta;

/// Label keys.
public final class Labels {

    public static final String PREFIX = "middleware.paas.io/";

    public static final String CLUSTER = PREFIX + "cluster";
    public static final String GROUP = PREFIX + "group";
    public static final String ORDINAL = PREFIX + "ordinal";
    public static final String ROLE = PREFIX + "role";

    /// On a claim: the ExPodSet that made it; it has no owner reference, so that it outlives it.
    public static final String EXPODSET = PREFIX + "expodset";

    public static final String EXTENSION = PREFIX + "extension";
    public static final String EXTENSION_VERSION = PREFIX + "extension-version";

    public static final String NAME = "app.kubernetes.io/name";
    public static final String INSTANCE = "app.kubernetes.io/instance";
    public static final String VERSION = "app.kubernetes.io/version";
    public static final String COMPONENT = "app.kubernetes.io/component";
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    public static final String MANAGED_BY_VALUE = "middleware-platform";

    /// The ordinal, as StatefulSet labels its Pods.
    public static final String POD_INDEX = "apps.kubernetes.io/pod-index";

    /// The ControllerRevision of a Pod, as StatefulSet labels its Pods.
    public static final String REVISION = "controller-revision-hash";

    private Labels() {}
}
