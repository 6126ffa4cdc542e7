package io.paas.apiserver.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.paas.apiserver.client.FakeKube;
import io.paas.apiserver.client.ShortMemory;
import io.paas.apiserver.it.TestCa;
import io.paas.apiserver.request.ApiRequest;
import io.paas.apiserver.request.Headers;
import io.paas.apiserver.request.Trees;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuthenticatorTest {

    private static final TestCa PROXY_CA = new TestCa("proxy-ca");
    private static final TestCa CLIENT_CA = new TestCa("client-ca");

    private final FakeKube kube = new FakeKube();
    private Instant now = Instant.now();
    private final AuthenticationConfigSource configs =
            new AuthenticationConfigSource(kube, () -> now);
    private final Authenticator authenticator =
            new Authenticator(
                    configs,
                    new TokenReviews(kube, new ShortMemory<>(Duration.ofSeconds(10), 10)),
                    () -> now);

    @BeforeEach
    void configure() {
        publish(PROXY_CA, "1");
        configs.reread();
    }

    private void publish(TestCa proxyCa, String version) {
        ObjectNode configMap = Trees.object();
        configMap.putObject("metadata").put("resourceVersion", version);
        configMap
                .putObject("data")
                .put("client-ca-file", CLIENT_CA.pem())
                .put("requestheader-client-ca-file", proxyCa.pem())
                .put("requestheader-allowed-names", "[\"proxy\"]")
                .put("requestheader-username-headers", "[\"X-Remote-User\"]")
                .put("requestheader-group-headers", "[\"X-Remote-Group\"]")
                .put("requestheader-extra-headers-prefix", "[\"X-Remote-Extra-\"]")
                .put("requestheader-uid-headers", "[\"X-Remote-Uid\"]");
        kube.put(
                "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication",
                new String(Trees.bytes(configMap), StandardCharsets.UTF_8));
    }

    private Authentication call(TestCa.Identity identity, Map<String, List<String>> headers) {
        return authenticator.authenticate(
                new ApiRequest(
                        "GET",
                        "/apis",
                        Map.of(),
                        new Headers(headers),
                        () -> new byte[0],
                        identity == null ? List.of() : List.of(identity.certificate())));
    }

    private UserInfo user(TestCa.Identity identity, Map<String, List<String>> headers) {
        return ((Authentication.Authenticated) call(identity, headers)).user();
    }

    @Test
    void takesTheWholeIdentityFromTheFrontProxy() {
        // when
        UserInfo user =
                user(
                        PROXY_CA.client("CN=proxy"),
                        Map.of(
                                "x-remote-user", List.of("jane"),
                                "X-Remote-Group", List.of("a", "", "b"),
                                "X-Remote-Uid", List.of("42"),
                                "X-Remote-Extra-Example.org%2fScope", List.of("x", "y")));

        // then
        assertThat(user.name()).isEqualTo("jane");
        assertThat(user.uid()).isEqualTo("42");
        assertThat(user.groups()).containsExactly("a", "b", "system:authenticated");
        assertThat(user.extra()).containsExactly(Map.entry("example.org/scope", List.of("x", "y")));
    }

    @Test
    void removesWhatCarriedTheIdentity() {
        // when
        Authentication result =
                call(
                        PROXY_CA.client("CN=proxy"),
                        Map.of("X-Remote-User", List.of("jane"), "Accept", List.of("*/*")));

        // then
        assertThat(((Authentication.Authenticated) result).request().headers().byName())
                .containsOnlyKeys("accept");
    }

    @Test
    void takesUserAndGroupsFromAClientCertificate() {
        // when
        UserInfo user = user(CLIENT_CA.client("CN=jane,O=one,O=two"), Map.of());

        // then
        assertThat(user.name()).isEqualTo("jane");
        assertThat(user.groups()).containsExactlyInAnyOrder("one", "two", "system:authenticated");
        assertThat(user.extra()).containsOnlyKeys("authentication.kubernetes.io/credential-id");
    }

    @Test
    void believesHeadersOfNobodyElse() {
        // given
        Map<String, List<String>> forged =
                Map.of(
                        "X-Remote-User",
                        List.of("root"),
                        "X-Remote-Group",
                        List.of("system:masters"));

        // then
        assertThat(user(null, forged)).isEqualTo(UserInfo.ANONYMOUS);
        assertThat(user(PROXY_CA.client("CN=other"), forged)).isEqualTo(UserInfo.ANONYMOUS);
        assertThat(user(new TestCa("proxy-ca").client("CN=proxy"), forged))
                .isEqualTo(UserInfo.ANONYMOUS);
        assertThat(user(CLIENT_CA.client("CN=proxy"), forged).groups())
                .doesNotContain("system:masters");
    }

    @Test
    void followsARotatedCaAtOnce() {
        // given
        TestCa rotated = new TestCa("proxy-ca");
        publish(rotated, "2");
        now = now.plusSeconds(2);

        // when
        UserInfo user = user(rotated.client("CN=proxy"), Map.of("X-Remote-User", List.of("jane")));

        // then
        assertThat(user.name()).isEqualTo("jane");
        assertThat(user(PROXY_CA.client("CN=proxy"), Map.of("X-Remote-User", List.of("jane"))))
                .isEqualTo(UserInfo.ANONYMOUS);
    }

    @Test
    void refusesABadTokenAndKeepsTheGoodOnesForAMoment() {
        // given
        String path = "/apis/authentication.k8s.io/v1/tokenreviews";
        kube.put(path, "{\"status\":{\"authenticated\":false}}");
        Map<String, List<String>> bad = Map.of("Authorization", List.of("Bearer bad"));
        Map<String, List<String>> good = Map.of("Authorization", List.of("Bearer good"));

        // when
        Authentication refused = call(null, bad);
        kube.put(path, "{\"status\":{\"authenticated\":true,\"user\":{\"username\":\"jane\"}}}");
        UserInfo first = user(null, good);
        UserInfo second = user(null, good);

        // then
        assertThat(refused).isInstanceOf(Authentication.Refused.class);
        assertThat(first.name()).isEqualTo("jane");
        assertThat(second).isEqualTo(first);
        assertThat(kube.writes).hasSize(2);
    }
}
