package io.paas.apiserver.registry;

import io.paas.apiserver.discovery.Route;
import io.paas.apiserver.request.ApiResponse;

/// Answers the requests of one route. Called on a virtual thread, so it may block.
public interface Subresource {

    Route route();

    /// Answers one request.
    ///
    /// @throws io.paas.apiserver.request.Failure to refuse
    ApiResponse answer(Call call);
}
