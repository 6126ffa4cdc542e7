package io.paas.token;

import io.paas.wire.TokenClaims;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Mints tokens with an Ed25519 key (RFC 8037) that this process makes at its start and forgets at
/// its end. Safe for use by several threads.
public final class ProcessTokenMinter implements TokenMinter, AutoCloseable {

    private static final String ALGORITHM = "EdDSA";

    /// Short, because a token is used at once; long enough for clocks that differ by seconds.
    private static final int LIFETIME_SECONDS = 45;

    private final String keyId;
    private final JWTAuth signer;
    private final InstantSource clock;
    private final KeyPublisher publisher;

    private ProcessTokenMinter(
            String keyId, JWTAuth signer, InstantSource clock, KeyPublisher publisher) {
        this.keyId = keyId;
        this.signer = signer;
        this.clock = clock;
        this.publisher = publisher;
    }

    /// Makes a key and publishes it.
    ///
    /// @param podName of this process; the key's id is `<pod name>.<8 hex digits>`
    public static ProcessTokenMinter start(
            String podName, KeyPublisher publisher, InstantSource clock) {
        KeyPair keys = newKeys();
        byte[] random = new byte[4];
        new SecureRandom().nextBytes(random);
        String prefix = podName + ".";
        String keyId = prefix + HexFormat.of().formatHex(random);
        publisher.publish(
                keyId, Base64.getEncoder().encodeToString(keys.getPublic().getEncoded()), prefix);
        return new ProcessTokenMinter(keyId, signer(keyId, keys), clock, publisher);
    }

    public String keyId() {
        return keyId;
    }

    @Override
    public String mint(String podUid, Caller caller, String act, byte[] body) {
        long now = clock.instant().getEpochSecond();
        JsonObject claims =
                new JsonObject()
                        .put("iss", TokenClaims.ISSUER)
                        .put("aud", podUid)
                        .put("sub", caller.user())
                        .put("act", act)
                        .put("bsh", TokenClaims.bodyHash(body))
                        .put("jti", UUID.randomUUID().toString())
                        .put("iat", now)
                        .put("exp", now + LIFETIME_SECONDS);
        putIfPresent(claims, "rid", caller.requestId());
        putIfPresent(claims, "aid", caller.auditId());
        return signer.generateToken(claims, new JWTOptions().setAlgorithm(ALGORITHM));
    }

    /// Withdraws the key.
    @Override
    public void close() {
        publisher.withdraw(keyId);
    }

    private static void putIfPresent(JsonObject claims, String name, @Nullable String value) {
        if (value != null) {
            claims.put(name, value);
        }
    }

    private static KeyPair newKeys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    private static JWTAuth signer(String keyId, KeyPair keys) {
        String pem =
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(keys.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n";
        // The factory wants a Vertx only to read key store files; there is none.
        Vertx vertx = Vertx.vertx();
        try {
            return JWTAuth.create(
                    vertx,
                    new JWTAuthOptions()
                            .addPubSecKey(
                                    new PubSecKeyOptions()
                                            .setId(keyId)
                                            .setAlgorithm(ALGORITHM)
                                            .setBuffer(pem)));
        } finally {
            vertx.close();
        }
    }
}
