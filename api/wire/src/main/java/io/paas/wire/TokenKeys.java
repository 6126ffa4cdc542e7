package io.paas.wire;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Where a verifier finds the public part of an issuer's key.
@FunctionalInterface
public interface TokenKeys {
    /// The ConfigMap that holds them: key id to base64 of an X.509 SubjectPublicKeyInfo.
    String CONFIG_MAP = "process-token-keys";

    /// The namespace of that ConfigMap.
    String NAMESPACE = "middleware-system";

    /// The key of that id. May block for a network call.
    Answer find(String keyId);

    /// What is known about one key id.
    sealed interface Answer {
        /// Somebody of the platform published it.
        record Known(PublicKey key) implements Answer {}

        /// Nobody has.
        record Unknown() implements Answer {}

        /// Whether somebody has cannot be told now, but soon.
        record NotYet() implements Answer {}

        /// Of somebody who knows all keys.
        static Answer of(@Nullable PublicKey key) {
            return key == null ? new Unknown() : new Known(key);
        }
    }

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
