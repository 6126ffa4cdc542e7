package io.paas.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.wire.TokenKeys;
import io.paas.wire.TokenVerdict;
import io.paas.wire.TokenVerifier;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class ProcessTokenMinterTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);

    private final Map<String, String> published = new ConcurrentHashMap<>();
    private final KeyPublisher publisher =
            new KeyPublisher() {
                @Override
                public void publish(String keyId, String publicKey, String ownPrefix) {
                    published.keySet().removeIf(id -> id.startsWith(ownPrefix));
                    published.put(keyId, publicKey);
                }

                @Override
                public void withdraw(String keyId) {
                    published.remove(keyId);
                }
            };

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private final TokenVerifier verifier =
            new TokenVerifier(
                    "uid-1",
                    keyId ->
                            TokenKeys.Answer.of(
                                    published.containsKey(keyId)
                                            ? TokenKeys.parse(published.get(keyId))
                                            : null),
                    clock,
                    NOW.minusSeconds(1));

    @Test
    void mintsWhatTheAgentAccepts() {
        // given
        ProcessTokenMinter minter = ProcessTokenMinter.start("apiserver-0", publisher, clock);
        Caller caller = new Caller("jane", "r-1", "a-1");

        // when
        TokenVerdict verdict =
                verifier.verify(
                        "Bearer " + minter.mint("uid-1", caller, "process/stop", BODY),
                        "process/stop",
                        BODY);

        // then
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        TokenVerdict.Accepted.class,
                        accepted -> {
                            assertThat(accepted.claims().sub()).isEqualTo("jane");
                            assertThat(accepted.claims().rid()).isEqualTo("r-1");
                            assertThat(accepted.claims().aid()).isEqualTo("a-1");
                        });
    }

    @Test
    void isNoGoodForAnotherPod() {
        // given
        ProcessTokenMinter minter = ProcessTokenMinter.start("apiserver-0", publisher, clock);

        // when
        TokenVerdict verdict =
                verifier.verify(
                        "Bearer " + minter.mint("uid-2", Caller.of("jane"), "process/stop", BODY),
                        "process/stop",
                        BODY);

        // then
        assertThat(verdict).isInstanceOf(TokenVerdict.Refused.class);
    }

    @Test
    void replacesItsOwnOldKeyAndWithdrawsItAtTheEnd() {
        // given
        published.put("apiserver-0.00000000", "old");
        published.put("apiserver-1.00000000", "other");

        // when
        ProcessTokenMinter minter = ProcessTokenMinter.start("apiserver-0", publisher, clock);

        // then
        assertThat(published).containsOnlyKeys(minter.keyId(), "apiserver-1.00000000");
        minter.close();
        assertThat(published).containsOnlyKeys("apiserver-1.00000000");
    }
}
