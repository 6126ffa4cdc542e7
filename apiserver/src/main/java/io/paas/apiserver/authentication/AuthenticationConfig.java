package io.paas.apiserver.authentication;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.apiserver.request.Trees;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What ConfigMap `kube-system/extension-apiserver-authentication` says about who is to be
/// believed.
///
/// @param proxyCa signs the front proxy's certificate
/// @param clientCa signs users' certificates; empty in clusters without such users
/// @param allowedNames common names of the front proxy; empty means any
/// @param uidHeaders empty unless configured: an older kube-apiserver does not strip a forged one
public record AuthenticationConfig(
        List<X509Certificate> proxyCa,
        List<X509Certificate> clientCa,
        List<String> allowedNames,
        List<String> usernameHeaders,
        List<String> groupHeaders,
        List<String> extraPrefixes,
        List<String> uidHeaders) {

    /// Reads the ConfigMap.
    ///
    /// @param data the ConfigMap's data
    /// @throws IllegalArgumentException when a key is malformed; the message names it
    public static AuthenticationConfig parse(JsonNode data) {
        return new AuthenticationConfig(
                certificates(data, "requestheader-client-ca-file"),
                certificates(data, "client-ca-file"),
                strings(data, "requestheader-allowed-names"),
                strings(data, "requestheader-username-headers"),
                strings(data, "requestheader-group-headers"),
                strings(data, "requestheader-extra-headers-prefix"),
                strings(data, "requestheader-uid-headers"));
    }

    public boolean trustsAProxy() {
        return !proxyCa.isEmpty() && !usernameHeaders.isEmpty();
    }

    /// Whether a header (lower case) speaks for the front proxy and must not reach anything behind
    /// authentication.
    boolean isIdentityHeader(String lowerName) {
        return lowerName.equals("authorization")
                || lowerName.startsWith("x-remote-")
                || matches(usernameHeaders, lowerName)
                || matches(groupHeaders, lowerName)
                || matches(uidHeaders, lowerName)
                || extraPrefixes.stream()
                        .anyMatch(prefix -> lowerName.startsWith(prefix.toLowerCase(Locale.ROOT)));
    }

    private static boolean matches(List<String> names, String lowerName) {
        return names.stream().anyMatch(lowerName::equalsIgnoreCase);
    }

    private static List<X509Certificate> certificates(JsonNode data, String key) {
        String pem = data.path(key).asText("");
        if (pem.isBlank()) {
            return List.of();
        }
        try {
            List<X509Certificate> found = new ArrayList<>();
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(
                                    new ByteArrayInputStream(
                                            pem.getBytes(StandardCharsets.US_ASCII)))) {
                found.add((X509Certificate) certificate);
            }
            return List.copyOf(found);
        } catch (CertificateException e) {
            throw new IllegalArgumentException(
                    key + " holds no certificates: " + e.getMessage(), e);
        }
    }

    private static List<String> strings(JsonNode data, String key) {
        String json = data.path(key).asText("");
        if (json.isBlank()) {
            return List.of();
        }
        try {
            List<String> values = new ArrayList<>();
            Trees.parse(json.getBytes(StandardCharsets.UTF_8)).forEach(v -> values.add(v.asText()));
            return List.copyOf(values);
        } catch (IOException e) {
            throw new IllegalArgumentException(key + " is not a JSON array of strings", e);
        }
    }
}
