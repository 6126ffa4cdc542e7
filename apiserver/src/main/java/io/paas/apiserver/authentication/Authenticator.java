package io.paas.apiserver.authentication;

import io.paas.apiserver.request.ApiRequest;
import io.paas.apiserver.request.Headers;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Finds out who calls. The first of these that knows the caller wins: the front proxy's headers, a
/// client certificate, a bearer token, nobody.
public final class Authenticator {

    private final AuthenticationConfigSource configs;
    private final TokenReviews tokens;
    private final InstantSource clock;

    public Authenticator(
            AuthenticationConfigSource configs, TokenReviews tokens, InstantSource clock) {
        this.configs = configs;
        this.tokens = tokens;
        this.clock = clock;
    }

    public Authentication authenticate(ApiRequest request) {
        Optional<UserInfo> user = byCertificate(request);
        if (user.isEmpty() && !request.peerCertificates().isEmpty() && configs.rereadSoon()) {
            user = byCertificate(request);
        }
        Optional<String> token = bearerToken(request.headers());
        if (user.isEmpty() && token.isPresent()) {
            user = tokens.review(token.get());
            if (user.isEmpty()) {
                return new Authentication.Refused();
            }
        }
        UserInfo known = user.map(UserInfo::authenticated).orElse(UserInfo.ANONYMOUS);
        return new Authentication.Authenticated(known, stripped(request));
    }

    private ApiRequest stripped(ApiRequest request) {
        return request.withHeaders(
                request.headers()
                        .without(
                                name ->
                                        name.equals("authorization")
                                                || name.startsWith("x-remote-")
                                                || configs.current()
                                                        .filter(c -> c.isIdentityHeader(name))
                                                        .isPresent()));
    }

    private Optional<UserInfo> byCertificate(ApiRequest request) {
        Optional<AuthenticationConfig> config = configs.current();
        List<X509Certificate> chain = request.peerCertificates();
        if (config.isEmpty() || chain.isEmpty()) {
            return Optional.empty();
        }
        return byProxy(config.get(), chain, request.headers())
                .or(() -> byClientCa(config.get(), chain));
    }

    private Optional<UserInfo> byProxy(
            AuthenticationConfig config, List<X509Certificate> chain, Headers headers) {
        if (!CertificateChain.isTrusted(chain, config.proxyCa(), clock.instant())
                || !isAllowed(config, chain.getFirst())) {
            return Optional.empty();
        }
        return firstNonEmpty(headers, config.usernameHeaders())
                .map(
                        name ->
                                new UserInfo(
                                        name,
                                        firstNonEmpty(headers, config.uidHeaders()).orElse(""),
                                        groups(headers, config.groupHeaders()),
                                        extra(headers, config.extraPrefixes())));
    }

    private static boolean isAllowed(AuthenticationConfig config, X509Certificate leaf) {
        return config.allowedNames().isEmpty()
                || CertificateChain.subject(leaf, "CN").stream()
                        .anyMatch(config.allowedNames()::contains);
    }

    private Optional<UserInfo> byClientCa(
            AuthenticationConfig config, List<X509Certificate> chain) {
        X509Certificate leaf = chain.getFirst();
        if (!CertificateChain.isTrusted(chain, config.clientCa(), clock.instant())) {
            return Optional.empty();
        }
        return CertificateChain.subject(leaf, "CN").stream()
                .filter(name -> !name.isEmpty())
                .findFirst()
                .map(
                        name ->
                                new UserInfo(
                                        name,
                                        "",
                                        CertificateChain.subject(leaf, "O"),
                                        Map.of(
                                                "authentication.kubernetes.io/credential-id",
                                                List.of("X509SHA256=" + fingerprint(leaf)))));
    }

    private static Optional<String> firstNonEmpty(Headers headers, List<String> names) {
        return names.stream()
                .flatMap(name -> headers.all(name).stream().limit(1))
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    private static List<String> groups(Headers headers, List<String> names) {
        return names.stream()
                .flatMap(name -> headers.all(name).stream())
                .filter(group -> !group.isEmpty())
                .toList();
    }

    private static Map<String, List<String>> extra(Headers headers, List<String> prefixes) {
        Map<String, List<String>> extra = new TreeMap<>();
        for (String prefix : prefixes) {
            String lower = prefix.toLowerCase(Locale.ROOT);
            headers.byName()
                    .forEach(
                            (name, values) -> {
                                if (name.startsWith(lower)) {
                                    String key = unescaped(name.substring(lower.length()));
                                    extra.computeIfAbsent(key, _ -> new ArrayList<>())
                                            .addAll(values);
                                }
                            });
        }
        return extra;
    }

    /// client-go escapes what a header name cannot hold; a malformed escape is taken as it is.
    private static String unescaped(String key) {
        try {
            return URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return key;
        }
    }

    private static Optional<String> bearerToken(Headers headers) {
        return headers.first("authorization")
                .map(String::strip)
                .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
                .map(value -> value.substring(7).strip())
                .filter(token -> !token.isEmpty());
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
