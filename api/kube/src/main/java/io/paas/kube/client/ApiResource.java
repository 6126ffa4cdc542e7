package io.paas.kube.client;

import io.kubernetes.client.common.KubernetesObject;
import io.paas.api.v1.Kind;
import io.paas.api.v1.Resource;
import io.paas.kube.json.Codec;
import io.paas.kube.json.GsonCodec;
import io.paas.kube.json.JacksonCodec;
import org.jspecify.annotations.Nullable;

/// One resource of the Kubernetes API (discovery calls it APIResource): where it lives and how its
/// objects are read.
///
/// @param group empty for the core group
public record ApiResource<T extends KubernetesObject>(
        String group,
        String version,
        String kind,
        String plural,
        boolean namespaced,
        Codec<T> codec) {

    /// A kind that client-java has a model class for.
    public static <T extends KubernetesObject> ApiResource<T> builtIn(
            Class<T> type, String apiVersion, String kind, String plural, boolean namespaced) {
        return of(apiVersion, kind, plural, namespaced, new GsonCodec<>(type));
    }

    /// A kind whose objects are records of ours.
    public static <T extends Resource> ApiResource<T> own(Kind<T> kind) {
        return of(
                Kind.API_VERSION,
                kind.kind(),
                kind.plural(),
                kind.namespaced(),
                new JacksonCodec<>(kind.type()));
    }

    private static <T extends KubernetesObject> ApiResource<T> of(
            String apiVersion, String kind, String plural, boolean namespaced, Codec<T> codec) {
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        String version = apiVersion.substring(slash + 1);
        return new ApiResource<>(group, version, kind, plural, namespaced, codec);
    }

    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /// The URL path of all objects, of those of one namespace, of one object or its subresource.
    public String path(
            @Nullable String namespace, @Nullable String name, @Nullable String subresource) {
        StringBuilder path = new StringBuilder(group.isEmpty() ? "/api/" : "/apis/");
        path.append(apiVersion());
        if (namespaced && namespace != null && !namespace.isEmpty()) {
            path.append("/namespaces/").append(namespace);
        }
        path.append('/').append(plural);
        if (name != null) {
            path.append('/').append(name);
        }
        if (subresource != null) {
            path.append('/').append(subresource);
        }
        return path.toString();
    }

    @Override
    public String toString() {
        return plural + (group.isEmpty() ? "" : "." + group);
    }
}
