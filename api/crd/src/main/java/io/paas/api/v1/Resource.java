package io.paas.api.v1;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1ObjectMeta;

/// An object of paas.io/v1. The getters are what client-java's informers ask for.
public interface Resource extends KubernetesObject {

    String apiVersion();

    String kind();

    V1ObjectMeta metadata();

    @Override
    default String getApiVersion() {
        return apiVersion();
    }

    @Override
    default String getKind() {
        return kind();
    }

    @Override
    default V1ObjectMeta getMetadata() {
        return metadata();
    }
}
