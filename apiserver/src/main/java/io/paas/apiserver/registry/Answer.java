package io.paas.apiserver.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.paas.api.json.Json;
import io.paas.apiserver.kinds.GroupVersionKind;
import io.paas.apiserver.request.ApiRequest;
import io.paas.apiserver.request.ApiResponse;
import io.paas.apiserver.request.Failure;
import io.paas.apiserver.request.MediaType;
import io.paas.apiserver.request.Trees;
import java.io.UncheckedIOException;

/// Writes an object in the form that the caller asked for: JSON, or YAML; `pretty` indents.
final class Answer {

    private static final YAMLMapper YAML = new YAMLMapper();

    private Answer() {}

    /// An object of one of this server's kinds.
    static ApiResponse of(Call call, int code, String kind, Record value) {
        ObjectNode tree = Trees.object();
        tree.put("kind", kind).put("apiVersion", GroupVersionKind.API_VERSION);
        tree.putObject("metadata").put("name", call.name()).put("namespace", call.namespace());
        tree.setAll((ObjectNode) Json.tree(value));
        return of(call.request(), code, tree);
    }

    static ApiResponse of(ApiRequest request, int code, JsonNode tree) {
        for (MediaType clause : MediaType.accepted(request.headers().all("accept"))) {
            // A Table or another conversion is not offered; kubectl's next clause is plain JSON.
            if (clause.isConverted()) {
                continue;
            }
            if (clause.covers("application/json")) {
                return ApiResponse.of(code, "application/json", json(request, tree));
            }
            if (clause.covers("application/yaml")) {
                return ApiResponse.of(code, "application/yaml", yaml(tree));
            }
        }
        throw Failure.of(
                406,
                "NotAcceptable",
                "only the following media types are accepted: application/json, application/yaml");
    }

    private static byte[] json(ApiRequest request, JsonNode tree) {
        boolean pretty =
                request.parameter("pretty")
                        .filter(value -> !value.equals("false") && !value.equals("0"))
                        .isPresent();
        return pretty ? Trees.indented(tree) : Trees.bytes(tree);
    }

    private static byte[] yaml(JsonNode tree) {
        try {
            return YAML.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
