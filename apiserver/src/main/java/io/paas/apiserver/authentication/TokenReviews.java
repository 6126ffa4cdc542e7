package io.paas.apiserver.authentication;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.paas.apiserver.client.KubeApi;
import io.paas.apiserver.client.KubeFailure;
import io.paas.apiserver.client.ShortMemory;
import io.paas.apiserver.request.Failure;
import io.paas.apiserver.request.Trees;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Asks kube-apiserver whose token it is. Checking the signature here would skip revocation and the
/// cluster's other authenticators.
public final class TokenReviews {

    private final KubeApi kube;
    private final ShortMemory<Optional<UserInfo>> known;

    public TokenReviews(KubeApi kube, ShortMemory<Optional<UserInfo>> known) {
        this.kube = kube;
        this.known = known;
    }

    /// Empty when the token is not good.
    ///
    /// @throws Failure when nobody can say
    Optional<UserInfo> review(String token) {
        return known.get(hash(token), () -> ask(token));
    }

    private Optional<UserInfo> ask(String token) {
        ObjectNode review = Trees.object();
        review.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenReview");
        review.putObject("spec").put("token", token);
        JsonNode status;
        try {
            status =
                    kube.create("/apis/authentication.k8s.io/v1/tokenreviews", review)
                            .path("status");
        } catch (KubeFailure e) {
            throw e.toUnanswered("cannot review the token");
        }
        if (!status.path("authenticated").asBoolean()) {
            return Optional.empty();
        }
        JsonNode user = status.path("user");
        Map<String, List<String>> extra = new TreeMap<>();
        user.path("extra").properties().forEach(e -> extra.put(e.getKey(), strings(e.getValue())));
        return Optional.of(
                new UserInfo(
                        user.path("username").asText(),
                        user.path("uid").asText(),
                        strings(user.path("groups")),
                        extra));
    }

    private static List<String> strings(JsonNode array) {
        List<String> values = new ArrayList<>();
        array.forEach(value -> values.add(value.asText()));
        return values;
    }

    /// Tokens are not kept in memory longer than their request.
    private static String hash(String token) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
