package io.paas.apiserver.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.apiserver.request.ApiRequest;
import io.paas.apiserver.request.ApiResponse;
import io.paas.apiserver.request.Trees;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A document that does not change while the server runs, with its hash.
///
/// @param hash SHA-512 in upper-case hex, as k8s.io/apiserver writes it
@SuppressWarnings("ArrayRecordComponent") // Bytes that are passed on, never compared as a value.
record Document(byte[] body, String hash, String contentType) {

    static Document of(JsonNode node, String contentType) {
        byte[] body = Trees.bytes(node);
        return new Document(body, sha512(body), contentType);
    }

    /// 200 with the document, or 304 when the caller has it.
    ApiResponse answer(ApiRequest request) {
        String tag = "\"" + hash + "\"";
        Map<String, List<String>> headers =
                Map.of(
                        "ETag", List.of(tag),
                        "Vary", List.of("Accept"),
                        "Cache-Control", List.of("public"));
        if (request.headers().all("if-none-match").contains(tag)) {
            return new ApiResponse(304, headers, new byte[0]);
        }
        return new ApiResponse(200, headers, body).with("Content-Type", contentType);
    }

    private static String sha512(byte[] bytes) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-512").digest(bytes))
                    .toUpperCase(Locale.ROOT);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
