package io.paas.apiserver.registry;

import io.paas.apiserver.authentication.UserInfo;
import io.paas.apiserver.request.ApiRequest;
import io.paas.apiserver.request.RequestInfo;

/// One authorised request to a subresource.
public record Call(ApiRequest request, RequestInfo info, UserInfo user, String auditId) {

    public String namespace() {
        return info.namespace();
    }

    /// Name of the parent object.
    public String name() {
        return info.name();
    }
}
