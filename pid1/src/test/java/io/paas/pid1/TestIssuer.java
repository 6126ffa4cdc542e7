package io.paas.pid1;

import io.paas.wire.TokenClaims;
import io.paas.wire.TokenKeys;
import io.paas.wire.TokenVerifier;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/// Calls an agent as the platform does: a fresh token for every call.
final class TestIssuer {
    private final KeyPair key;
    private final HttpClient client = HttpClient.newHttpClient();

    TestIssuer() {
        try {
            key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    TokenVerifier verifier() {
        return new TokenVerifier(
                "pod-uid",
                id -> TokenKeys.Answer.of(key.getPublic()),
                Clock.systemUTC(),
                Instant.now().minusSeconds(60));
    }

    HttpResponse<String> call(
            int port, String method, String path, String act, String body, String idempotencyKey) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Authorization", "Bearer " + token(act, bytes))
                        .header("Idempotency-Key", idempotencyKey)
                        .method(method, HttpRequest.BodyPublishers.ofByteArray(bytes))
                        .build();
        return send(request);
    }

    HttpResponse<String> call(int port, String method, String path, String act, String body) {
        return call(port, method, path, act, body, UUID.randomUUID().toString());
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String token(String act, byte[] body) {
        long now = Instant.now().getEpochSecond();
        TokenClaims claims =
                new TokenClaims(
                        TokenClaims.ISSUER,
                        "pod-uid",
                        "jane",
                        act,
                        TokenClaims.bodyHash(body),
                        null,
                        null,
                        UUID.randomUUID().toString(),
                        now,
                        now + 60);
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String header = "{\"alg\":\"EdDSA\",\"kid\":\"k\"}";
        String signed =
                encoder.encodeToString(header.getBytes(StandardCharsets.UTF_8))
                        + "."
                        + encoder.encodeToString(claims.toJson());
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + encoder.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
