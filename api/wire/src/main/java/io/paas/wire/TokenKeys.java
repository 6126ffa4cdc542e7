package io.paas.wire;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

/// Where a verifier finds the public part of an issuer's key.
@FunctionalInterface
public interface TokenKeys {
    /// The ConfigMap that holds them: key id to base64 of an X.509 SubjectPublicKeyInfo.
    String CONFIG_MAP = "process-token-keys";

    /// The namespace of that ConfigMap.
    String NAMESPACE = "middleware-system";

    /// The key of that id; empty if nobody has published it. May block for a network call.
    Optional<PublicKey> find(String keyId);

    /// Reads one published key.
    ///
    /// @throws IllegalArgumentException if the text is no Ed25519 key
    static PublicKey parse(String base64) {
        try {
            byte[] encoded = Base64.getDecoder().decode(base64.strip());
            return KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an Ed25519 public key", e);
        }
    }
}
