package io.paas.wire;

/// What a [TokenVerifier] says about one call.
public sealed interface TokenVerdict {
    /// The call may go on.
    record Accepted(TokenClaims claims) implements TokenVerdict {}

    /// The call is refused with HTTP `code` (401, 403, 429 or 503).
    ///
    /// @param reason one of [Reasons]
    record Refused(int code, String reason, String message) implements TokenVerdict {}
}
