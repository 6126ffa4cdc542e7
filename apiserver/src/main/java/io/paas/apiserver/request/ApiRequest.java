package io.paas.apiserver.request;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One request, whole: the body has been read.
///
/// @param path as sent, still percent-encoded
/// @param query decoded; the values of a name in their order
/// @param peerCertificates what the caller presented in the TLS handshake, leaf first,
///   **unverified**
@SuppressWarnings("ArrayRecordComponent") // Bytes that are passed on, never compared as a value.
public record ApiRequest(
        String method,
        String path,
        Map<String, List<String>> query,
        Headers headers,
        byte[] body,
        List<X509Certificate> peerCertificates) {

    public ApiRequest {
        query = Map.copyOf(query);
        peerCertificates = List.copyOf(peerCertificates);
    }

    /// The first value of a query parameter.
    public Optional<String> parameter(String name) {
        return query.getOrDefault(name, List.of()).stream().findFirst();
    }

    public ApiRequest withHeaders(Headers other) {
        return new ApiRequest(method, path, query, other, body, peerCertificates);
    }
}
