package io.paas.test.proxy;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The URL path of a resource of the Kubernetes API; what is absent is empty.
///
/// @param root `/api/v1` or `/apis/<group>/<version>`
record ApiPath(String root, String namespace, String resource, String name, String subresource) {

    /// Those that controllers under test read.
    private static final Set<String> CLUSTER_SCOPED = Set.of("storageclasses");

    /// Null for discovery, health and the like.
    static @Nullable ApiPath of(String path) {
        List<String> parts = List.of(path.substring(1).split("/", -1));
        int at = parts.getFirst().equals("api") ? 2 : 3;
        if (!path.startsWith("/api") || parts.size() <= at) {
            return null;
        }
        String root = "/" + String.join("/", parts.subList(0, at));
        String namespace = "";
        if (parts.get(at).equals("namespaces") && parts.size() > at + 2) {
            namespace = parts.get(at + 1);
            at += 2;
        }
        return new ApiPath(
                root, namespace, parts.get(at), part(parts, at + 1), part(parts, at + 2));
    }

    boolean isCollection() {
        return name.isEmpty();
    }

    /// Whether its objects are in no namespace.
    boolean isOfTheCluster() {
        return CLUSTER_SCOPED.contains(resource);
    }

    /// The same collection, of one namespace only.
    ApiPath within(String one) {
        return new ApiPath(root, one, resource, name, subresource);
    }

    @Override
    public String toString() {
        StringBuilder path = new StringBuilder(root);
        if (!namespace.isEmpty()) {
            path.append("/namespaces/").append(namespace);
        }
        path.append('/').append(resource);
        if (!name.isEmpty()) {
            path.append('/').append(name);
        }
        if (!subresource.isEmpty()) {
            path.append('/').append(subresource);
        }
        return path.toString();
    }

    private static String part(List<String> parts, int index) {
        return index < parts.size() ? parts.get(index) : "";
    }
}
