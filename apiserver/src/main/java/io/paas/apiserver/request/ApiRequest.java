package io.paas.apiserver.request;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// One request.
///
/// @param path as sent, still percent-encoded
/// @param query decoded; the values of a name in their order
/// @param body received when it is asked for, once; that blocks and may throw a [Failure]. Nobody
///   unknown can make this server hold one
/// @param peerCertificates what the caller presented in the TLS handshake, leaf first,
///   **unverified**
public record ApiRequest(
        String method,
        String path,
        Map<String, List<String>> query,
        Headers headers,
        Supplier<byte[]> body,
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
