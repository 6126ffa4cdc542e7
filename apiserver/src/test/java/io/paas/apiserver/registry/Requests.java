package io.paas.apiserver.registry;

import io.paas.apiserver.authentication.UserInfo;
import io.paas.apiserver.request.ApiRequest;
import io.paas.apiserver.request.ApiResponse;
import io.paas.apiserver.request.Failure;
import io.paas.apiserver.request.Headers;
import io.paas.apiserver.request.RequestInfo;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Requests of user jane in namespace `default`, with audit id `a1`.
final class Requests {

    private Requests() {}

    /// The answer, also of a refusal.
    ///
    /// @param path below the namespace
    static ApiResponse post(Subresource subresource, String path, String body) {
        return post(subresource, path, Map.of(), body);
    }

    static ApiResponse post(
            Subresource subresource, String path, Map<String, List<String>> query, String body) {
        String whole = "/apis/middleware.paas.io/v1/namespaces/default/" + path;
        ApiRequest request =
                new ApiRequest(
                        "POST",
                        whole,
                        query,
                        Headers.NONE,
                        () -> body.getBytes(StandardCharsets.UTF_8),
                        List.of());
        UserInfo jane = new UserInfo("jane", "", List.of(), Map.of());
        try {
            return subresource.answer(new Call(request, RequestInfo.of("POST", whole), jane, "a1"));
        } catch (Failure refused) {
            return refused.toResponse();
        }
    }

    static String text(ApiResponse response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}
