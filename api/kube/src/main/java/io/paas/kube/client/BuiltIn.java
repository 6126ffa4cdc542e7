package io.paas.kube.client;

import io.kubernetes.client.openapi.models.EventsV1Event;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ControllerRevision;
import io.kubernetes.client.openapi.models.V1Lease;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1StorageClass;

/// Kubernetes' own kinds, as far as the platform touches them.
public final class BuiltIn {

    public static final ApiResource<V1Namespace> NAMESPACES =
            ApiResource.builtIn(V1Namespace.class, "v1", "Namespace", "namespaces", false);
    public static final ApiResource<V1Pod> PODS =
            ApiResource.builtIn(V1Pod.class, "v1", "Pod", "pods", true);
    public static final ApiResource<V1PersistentVolumeClaim> CLAIMS =
            ApiResource.builtIn(
                    V1PersistentVolumeClaim.class,
                    "v1",
                    "PersistentVolumeClaim",
                    "persistentvolumeclaims",
                    true);
    public static final ApiResource<V1StorageClass> STORAGE_CLASSES =
            ApiResource.builtIn(
                    V1StorageClass.class,
                    "storage.k8s.io/v1",
                    "StorageClass",
                    "storageclasses",
                    false);
    public static final ApiResource<V1ConfigMap> CONFIG_MAPS =
            ApiResource.builtIn(V1ConfigMap.class, "v1", "ConfigMap", "configmaps", true);
    public static final ApiResource<V1Secret> SECRETS =
            ApiResource.builtIn(V1Secret.class, "v1", "Secret", "secrets", true);
    public static final ApiResource<V1ControllerRevision> REVISIONS =
            ApiResource.builtIn(
                    V1ControllerRevision.class,
                    "apps/v1",
                    "ControllerRevision",
                    "controllerrevisions",
                    true);
    public static final ApiResource<V1Lease> LEASES =
            ApiResource.builtIn(V1Lease.class, "coordination.k8s.io/v1", "Lease", "leases", true);
    public static final ApiResource<EventsV1Event> EVENTS =
            ApiResource.builtIn(EventsV1Event.class, "events.k8s.io/v1", "Event", "events", true);

    private BuiltIn() {}
}
