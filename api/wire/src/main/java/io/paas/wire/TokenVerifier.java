package io.paas.wire;

import io.paas.wire.TokenVerdict.Accepted;
import io.paas.wire.TokenVerdict.Refused;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Decides whether a process token allows one call. Nothing of the claims is believed before the
/// signature (Ed25519, RFC 8037) holds; a token id is spent only by a call that passes everything
/// else. Safe for use by several threads.
public final class TokenVerifier {
    private static final int MAX_TOKEN_CHARACTERS = 4096;

    /// Clocks of two nodes may differ by this much.
    private static final int SKEW_SECONDS = 5;

    private final String podUid;
    private final TokenKeys keys;
    private final Clock clock;
    private final Instant startedAt;
    private final SeenTokens seen = new SeenTokens();

    /// A verifier for the agent of one Pod.
    ///
    /// @param startedAt when this agent began; older tokens are refused because the list of used
    ///   ones began then, too
    public TokenVerifier(String podUid, TokenKeys keys, Clock clock, Instant startedAt) {
        this.podUid = podUid;
        this.keys = keys;
        this.clock = clock;
        this.startedAt = startedAt;
    }

    /// Judges one call: [#examine], then [#spend].
    ///
    /// @param body the request's bytes, empty if it has none
    public TokenVerdict verify(@Nullable String authorization, String act, byte[] body) {
        return switch (examine(authorization, act)) {
            case Accepted(TokenClaims claims) -> spend(claims, body);
            case Refused refused -> refused;
        };
    }

    /// Judges all but the body, so that a stranger's need not be read. Spends nothing.
    ///
    /// @param authorization the request's `Authorization` header, null if it has none
    /// @param act what the call is about to do
    public TokenVerdict examine(@Nullable String authorization, String act) {
        if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return unauthorized(Reasons.NO_TOKEN, "a process token is needed: Bearer");
        }
        String token = authorization.substring(7).strip();
        String[] parts = token.split("\\.", -1);
        if (token.length() > MAX_TOKEN_CHARACTERS || parts.length != 3) {
            return unauthorized(Reasons.MALFORMED_TOKEN, "the token is no JWT");
        }
        try {
            Header header = Json.read(decode(parts[0]), Header.class);
            if (!"EdDSA".equals(header.alg()) || header.kid() == null) {
                return unauthorized(Reasons.MALFORMED_TOKEN, "alg EdDSA and a kid are needed");
            }
            return switch (keys.find(header.kid())) {
                case TokenKeys.Answer.Known(PublicKey key) -> judge(parts, key, act);
                case TokenKeys.Answer.Unknown() ->
                        unauthorized(
                                Reasons.UNKNOWN_KEY,
                                "nobody has published the key " + header.kid());
                case TokenKeys.Answer.NotYet() ->
                        new Refused(
                                503,
                                Reasons.KEY_NOT_YET_KNOWN,
                                "the key " + header.kid() + " is not known yet");
            };
        } catch (JsonException | IllegalArgumentException e) {
            return unauthorized(Reasons.MALFORMED_TOKEN, "the token is no JWT of ours");
        }
    }

    private TokenVerdict judge(String[] parts, PublicKey key, String act) {
        byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
        if (!isSignedBy(key, signed, decode(parts[2]))) {
            return unauthorized(Reasons.BAD_SIGNATURE, "the signature does not hold");
        }
        return judge(Json.read(decode(parts[1]), TokenClaims.class), act);
    }

    private TokenVerdict judge(TokenClaims claims, String act) {
        long now = clock.instant().getEpochSecond();
        if (!TokenClaims.ISSUER.equals(claims.iss())) {
            return unauthorized(Reasons.WRONG_ISSUER, "the issuer is not " + TokenClaims.ISSUER);
        }
        if (!podUid.equals(claims.aud())) {
            return forbidden(Reasons.WRONG_AUDIENCE, "the token is for another Pod");
        }
        if (claims.exp() - claims.iat() > TokenClaims.MAX_LIFETIME_SECONDS
                || claims.exp() + SKEW_SECONDS < now
                || claims.iat() - SKEW_SECONDS > now) {
            return unauthorized(Reasons.EXPIRED_TOKEN, "the token is not valid now");
        }
        if (Instant.ofEpochSecond(claims.iat()).isBefore(startedAt)) {
            return unauthorized(
                    Reasons.TOKEN_BEFORE_START, "the agent started after the token was made");
        }
        if (!act.equals(claims.act())) {
            return forbidden(
                    Reasons.WRONG_ACTION, "the token allows " + claims.act() + ", not " + act);
        }
        return new Accepted(claims);
    }

    /// Judges the body for claims that were accepted, and uses the token up.
    public TokenVerdict spend(TokenClaims claims, byte[] body) {
        if (!TokenClaims.bodyHash(body).equals(claims.bsh())) {
            return forbidden(Reasons.WRONG_BODY, "the token is for another body");
        }
        long now = clock.instant().getEpochSecond();
        return switch (seen.use(claims.jti(), claims.exp() + SKEW_SECONDS, now)) {
            case FIRST_USE -> new Accepted(claims);
            case REPLAYED -> unauthorized(Reasons.REPLAYED_TOKEN, "the token was used before");
            case FULL -> new Refused(429, Reasons.TOO_MANY_REQUESTS, "too many calls a minute");
        };
    }

    private static boolean isSignedBy(PublicKey key, byte[] signed, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static byte[] decode(String part) {
        return Base64.getUrlDecoder().decode(part);
    }

    private static Refused unauthorized(String reason, String message) {
        return new Refused(401, reason, message);
    }

    private static Refused forbidden(String reason, String message) {
        return new Refused(403, reason, message);
    }

    private record Header(@Nullable String alg, @Nullable String kid) {}
}
