package io.paas.token;

/// Makes the public part of a key known to agents, in ConfigMap
/// `middleware-system/process-token-keys`. Calls block.
public interface KeyPublisher {

    /// Adds a key, and removes those that nobody has any more: of the same process before a restart
    /// (the id begins with the prefix), and of Pods that no longer exist, because one that was
    /// killed withdrew nothing.
    ///
    /// @param publicKey base64 of the X.509 SubjectPublicKeyInfo
    void publish(String keyId, String publicKey, String ownPrefix);

    /// The Pod whose process made a key.
    static String podOf(String keyId) {
        return keyId.substring(0, Math.max(0, keyId.lastIndexOf('.')));
    }

    /// Removes a key, so that nothing signed with it is believed any more.
    void withdraw(String keyId);
}
