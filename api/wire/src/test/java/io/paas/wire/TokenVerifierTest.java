package io.paas.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.wire.TokenVerdict.Accepted;
import io.paas.wire.TokenVerdict.Refused;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TokenVerifierTest {
    private static final long NOW = 1_000_000;
    private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);
    private static final String ACT = "process/restart";

    private final KeyPair issuer = keyPair();
    private final Map<String, PublicKey> published = Map.of("api-0.1", issuer.getPublic());
    private final TokenVerifier verifier =
            new TokenVerifier(
                    "pod-uid",
                    kid -> TokenKeys.Answer.of(published.get(kid)),
                    Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC),
                    Instant.ofEpochSecond(NOW - 100));

    @Test
    void acceptsATokenOnce() {
        String token = token(claims("j1", NOW, NOW + 60));

        assertThat(verifier.verify(token, ACT, BODY)).isInstanceOf(Accepted.class);
        assertThat(reasonOf(verifier.verify(token, ACT, BODY))).isEqualTo(Reasons.REPLAYED_TOKEN);
    }

    @Test
    void doesNotSpendATokenOnARefusedCall() {
        String token = token(claims("j1", NOW, NOW + 60));

        assertThat(reasonOf(verifier.verify(token, "process/stop", BODY)))
                .isEqualTo(Reasons.WRONG_ACTION);
        assertThat(verifier.verify(token, ACT, BODY)).isInstanceOf(Accepted.class);
    }

    @Test
    void refusesAnotherBody() {
        assertThat(reasonOf(verifier.verify(token(claims("j1", NOW, NOW + 60)), ACT, new byte[0])))
                .isEqualTo(Reasons.WRONG_BODY);
    }

    @Test
    void refusesAKeyThatCannotBeLookedUpNowOnlyForNow() {
        TokenVerifier early =
                new TokenVerifier(
                        "pod-uid",
                        kid -> new TokenKeys.Answer.NotYet(),
                        Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC),
                        Instant.ofEpochSecond(NOW - 100));

        assertThat(early.verify(token(claims("j1", NOW, NOW + 60)), ACT, BODY))
                .isEqualTo(
                        new Refused(
                                503,
                                Reasons.KEY_NOT_YET_KNOWN,
                                "the key api-0.1 is not known yet"));
    }

    @Test
    void refusesTokensOutsideTheirTime() {
        assertThat(reasonOf(NOW - 80, NOW - 20)).isEqualTo(Reasons.EXPIRED_TOKEN);
        assertThat(reasonOf(NOW + 30, NOW + 60)).isEqualTo(Reasons.EXPIRED_TOKEN);
        assertThat(reasonOf(NOW, NOW + 61)).isEqualTo(Reasons.EXPIRED_TOKEN);
    }

    @Test
    void refusesATokenFromBeforeTheAgentsStart() {
        TokenVerifier young =
                new TokenVerifier(
                        "pod-uid",
                        kid -> TokenKeys.Answer.of(issuer.getPublic()),
                        Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC),
                        Instant.ofEpochMilli(NOW * 1000 - 500));

        assertThat(reasonOf(young.verify(token(claims("j1", NOW - 1, NOW + 50)), ACT, BODY)))
                .isEqualTo(Reasons.TOKEN_BEFORE_START);
    }

    @Test
    void refusesAnotherPodsTokenAndAnotherIssuer() {
        TokenClaims good = claims("j1", NOW, NOW + 60);
        TokenClaims otherPod =
                new TokenClaims(
                        good.iss(), "other", "u", ACT, good.bsh(), null, null, "j", NOW, NOW + 9);
        TokenClaims otherIssuer =
                new TokenClaims(
                        "else", "pod-uid", "u", ACT, good.bsh(), null, null, "j", NOW, NOW + 9);

        assertThat(reasonOf(verifier.verify(token(otherPod), ACT, BODY)))
                .isEqualTo(Reasons.WRONG_AUDIENCE);
        assertThat(reasonOf(verifier.verify(token(otherIssuer), ACT, BODY)))
                .isEqualTo(Reasons.WRONG_ISSUER);
    }

    @Test
    void refusesForgedUnsignedAndUnknown() {
        TokenClaims claims = claims("j1", NOW, NOW + 60);
        String forged = token(keyPair(), "{\"alg\":\"EdDSA\",\"kid\":\"api-0.1\"}", claims);
        String none = token(issuer, "{\"alg\":\"none\",\"kid\":\"api-0.1\"}", claims);
        String stranger = token(issuer, "{\"alg\":\"EdDSA\",\"kid\":\"who\"}", claims);

        assertThat(reasonOf(verifier.verify(forged, ACT, BODY))).isEqualTo(Reasons.BAD_SIGNATURE);
        assertThat(reasonOf(verifier.verify(none, ACT, BODY))).isEqualTo(Reasons.MALFORMED_TOKEN);
        assertThat(reasonOf(verifier.verify(stranger, ACT, BODY))).isEqualTo(Reasons.UNKNOWN_KEY);
    }

    @Test
    void refusesEverythingThatIsNoToken() {
        assertThat(reasonOf(verifier.verify(null, ACT, BODY))).isEqualTo(Reasons.NO_TOKEN);
        assertThat(reasonOf(verifier.verify("Basic x", ACT, BODY))).isEqualTo(Reasons.NO_TOKEN);
        for (String junk : new String[] {"a", "a.b", "a.b.c", "..", "%.%.%", "e30.e30.e30"}) {
            assertThat(reasonOf(verifier.verify("Bearer " + junk, ACT, BODY)))
                    .isEqualTo(Reasons.MALFORMED_TOKEN);
        }
    }

    @Test
    void readsAPublishedKey() {
        String base64 = Base64.getEncoder().encodeToString(issuer.getPublic().getEncoded());

        assertThat(TokenKeys.parse(base64)).isEqualTo(issuer.getPublic());
    }

    @Test
    void forgetsUsedTokensOnlyAfterTheyExpired() {
        SeenTokens seen = new SeenTokens();
        for (int i = 0; i < 6_000; i++) {
            assertThat(seen.use("t" + i, 10, 5)).isEqualTo(SeenTokens.Outcome.FIRST_USE);
        }

        assertThat(seen.use("next", 10, 10)).isEqualTo(SeenTokens.Outcome.FULL);
        assertThat(seen.use("next", 70, 11)).isEqualTo(SeenTokens.Outcome.FIRST_USE);
    }

    private String reasonOf(long iat, long exp) {
        return reasonOf(verifier.verify(token(claims("j" + iat + exp, iat, exp)), ACT, BODY));
    }

    private static String reasonOf(TokenVerdict verdict) {
        return verdict instanceof Refused refused ? refused.reason() : "accepted";
    }

    private static TokenClaims claims(String jti, long iat, long exp) {
        return new TokenClaims(
                TokenClaims.ISSUER,
                "pod-uid",
                "jane",
                ACT,
                TokenClaims.bodyHash(BODY),
                "r1",
                null,
                jti,
                iat,
                exp);
    }

    private String token(TokenClaims claims) {
        return token(issuer, "{\"alg\":\"EdDSA\",\"kid\":\"api-0.1\"}", claims);
    }

    private static String token(KeyPair key, String header, TokenClaims claims) {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String signed =
                encoder.encodeToString(header.getBytes(StandardCharsets.UTF_8))
                        + "."
                        + encoder.encodeToString(claims.toJson());
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return "Bearer " + signed + "." + encoder.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair keyPair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
