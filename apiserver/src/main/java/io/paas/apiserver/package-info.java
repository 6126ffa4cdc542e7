/// The aggregated API server of group `middleware.paas.io`. It holds no state.
///
/// 1. [io.paas.apiserver.http.HttpListener] turns bytes into an
///    [io.paas.apiserver.request.ApiRequest].
/// 2. [io.paas.apiserver.RequestPipeline] finds out who calls, whether they may, and who answers.
/// 3. A class of [io.paas.apiserver.registry] checks, plans, and makes one write or one call to an
///    agent.
@NullMarked
package io.paas.apiserver;

import org.jspecify.annotations.NullMarked;
