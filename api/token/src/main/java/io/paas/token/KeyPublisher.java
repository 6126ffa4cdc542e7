package io.paas.token;

/// Makes the public part of a key known to agents, in ConfigMap
/// `middleware-system/process-token-keys`. Calls block.
public interface KeyPublisher {

    /// Adds a key, and removes those that the same process had before a restart: every key whose id
    /// begins with the prefix.
    ///
    /// @param publicKey base64 of the X.509 SubjectPublicKeyInfo
    void publish(String keyId, String publicKey, String ownPrefix);

    /// Removes a key, so that nothing signed with it is believed any more.
    void withdraw(String keyId);
}
