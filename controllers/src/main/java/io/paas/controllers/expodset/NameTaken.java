package io.paas.controllers.expodset;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.paas.api.v1.ExPodSet;
import io.paas.controllers.runtime.Informers;
import io.paas.kube.client.ApiResource;
import io.paas.kube.client.ObjectKey;

/// The name of an object that a set needs is in use by one that is not the set's.
final class NameTaken extends RuntimeException {

    private NameTaken(String message) {
        super(message);
    }

    /// Refuses an object that another one, or nobody, controls.
    static void requireOurs(ExPodSet set, ApiResource<?> resource, KubernetesObject present) {
        V1OwnerReference owner = Informers.controllerOf(present);
        if (owner == null || !owner.getUid().equals(set.metadata().getUid())) {
            throw by(resource, present);
        }
    }

    static NameTaken by(ApiResource<?> resource, KubernetesObject present) {
        return new NameTaken(
                resource.kind()
                        + " "
                        + ObjectKey.of(present)
                        + " exists and is not controlled by this ExPodSet");
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
