package io.paas.apiserver.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One answer. Header values keep their order; several values make several header lines.
@SuppressWarnings("ArrayRecordComponent") // Bytes that are passed on, never compared as a value.
public record ApiResponse(int code, Map<String, List<String>> headers, byte[] body) {

    public static ApiResponse text(int code, String text) {
        return of(code, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    public static ApiResponse json(int code, JsonNode body) {
        return of(code, "application/json", Trees.bytes(body));
    }

    public static ApiResponse of(int code, String contentType, byte[] body) {
        return new ApiResponse(code, Map.of("Content-Type", List.of(contentType)), body);
    }

    /// An answer without a body.
    public static ApiResponse empty(int code) {
        return new ApiResponse(code, Map.of(), new byte[0]);
    }

    public ApiResponse with(String name, String value) {
        return with(name, List.of(value));
    }

    public ApiResponse with(String name, List<String> values) {
        Map<String, List<String>> more = new LinkedHashMap<>(headers);
        more.put(name, values);
        return new ApiResponse(code, more, body);
    }
}
