package io.paas.apiserver.authentication;

import io.paas.apiserver.request.ApiRequest;

/// What authentication found.
public sealed interface Authentication {

    /// The caller is known, or nobody in particular.
    ///
    /// @param request the request without the headers that carried the identity
    record Authenticated(UserInfo user, ApiRequest request) implements Authentication {}

    /// The caller showed a credential, and none that it showed is good.
    record Refused() implements Authentication {}
}
