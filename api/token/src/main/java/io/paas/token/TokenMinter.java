package io.paas.token;

/// Makes the token for one call.
public interface TokenMinter {

    /// The token as it stands behind `Bearer`.
    ///
    /// @param podUid the Pod whose agent is called; no other accepts the token
    /// @param act what the call does, one of [io.paas.wire.TokenClaims]'s or a verb's `act`
    /// @param body the bytes that are sent; empty when there are none
    String mint(String podUid, Caller caller, String act, byte[] body);
}
