package io.paas.apiserver.client;

import com.fasterxml.jackson.databind.JsonNode;

/// kube-apiserver as this server needs it. Paths begin with `/` and may carry a query. Calls block.
public interface KubeApi {

    /// Reads an object or a list.
    ///
    /// @throws KubeFailure when the answer is not 2xx or there is none
    JsonNode get(String path);

    /// Creates an object in the collection at the path.
    ///
    /// @throws KubeFailure when the answer is not 2xx or there is none
    JsonNode create(String path, JsonNode object);

    /// Applies a JSON Patch (RFC 6902).
    ///
    /// @throws KubeFailure when the answer is not 2xx or there is none
    JsonNode jsonPatch(String path, JsonNode operations);

    /// Applies a JSON Merge Patch (RFC 7396).
    ///
    /// @throws KubeFailure when the answer is not 2xx or there is none
    JsonNode mergePatch(String path, JsonNode patch);
}
