package io.paas.apiserver.discovery;

/// A resource whose subresources this server has. The resource itself lives elsewhere (core group,
/// `paas.io`): it stands in discovery with its kind and without verbs, because kubectl resolves
/// `--resource=pods.middleware.paas.io/restart` by it.
public enum Parent {
    MIDDLEWARECLUSTERS("middlewareclusters", "middlewarecluster", "MiddlewareCluster"),
    OPERATIONS("operations", "operation", "Operation"),
    PODS("pods", "pod", "Pod");

    private final String plural;
    private final String singular;
    private final String kind;

    Parent(String plural, String singular, String kind) {
        this.plural = plural;
        this.singular = singular;
        this.kind = kind;
    }

    public String plural() {
        return plural;
    }

    public String singular() {
        return singular;
    }

    public String kind() {
        return kind;
    }
}
