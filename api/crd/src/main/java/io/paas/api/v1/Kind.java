package io.paas.api.v1;

/// A kind of paas.io/v1 with the names under which the API server serves it.
///
/// @param type the record of the kind
/// @param kind the name in `kind`, for example `ExPodSet`
/// @param plural the name in paths, for example `expodsets`
/// @param namespaced whether objects live in namespaces
public record Kind<T extends Resource>(
        Class<T> type, String kind, String plural, boolean namespaced) {

    public static final String GROUP = "paas.io";
    public static final String VERSION = "v1";
    public static final String API_VERSION = GROUP + "/" + VERSION;

    public static final Kind<MiddlewareCluster> MIDDLEWARE_CLUSTER =
            new Kind<>(MiddlewareCluster.class, "MiddlewareCluster", "middlewareclusters", true);
    public static final Kind<ExPodSet> EXPODSET =
            new Kind<>(ExPodSet.class, "ExPodSet", "expodsets", true);
    public static final Kind<Operation> OPERATION =
            new Kind<>(Operation.class, "Operation", "operations", true);
    public static final Kind<Extension> EXTENSION =
            new Kind<>(Extension.class, "Extension", "extensions", false);
    public static final Kind<ExtensionCatalog> EXTENSION_CATALOG =
            new Kind<>(ExtensionCatalog.class, "ExtensionCatalog", "extensioncatalogs", false);
}
