package io.paas.kube.client;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.Objects;

/// The name of one object of a known kind; the namespace is empty for cluster-scoped kinds.
public record ObjectKey(String namespace, String name) implements Comparable<ObjectKey> {

    public static ObjectKey of(KubernetesObject object) {
        V1ObjectMeta metadata = object.getMetadata();
        String namespace = metadata.getNamespace();
        return new ObjectKey(
                namespace == null ? "" : namespace, Objects.requireNonNull(metadata.getName()));
    }

    @Override
    public int compareTo(ObjectKey other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }
}
