package io.paas.apiserver.authorization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.paas.apiserver.authentication.UserInfo;
import io.paas.apiserver.client.KubeApi;
import io.paas.apiserver.client.KubeFailure;
import io.paas.apiserver.client.ShortMemory;
import io.paas.apiserver.request.Failure;
import io.paas.apiserver.request.RequestInfo;
import io.paas.apiserver.request.Trees;
import java.nio.charset.StandardCharsets;

/// Asks kube-apiserver whether the caller may do what is asked (FR-036). kube-apiserver has asked
/// itself the same before it passed a request on; this check also holds for direct callers.
public final class Authorizer {

    private static final String PATH = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

    /// kube-apiserver's answer.
    ///
    /// @param reason RBAC's words, may be empty
    public record Decision(boolean allowed, String reason) {}

    private final KubeApi kube;
    private final ShortMemory<Decision> known;

    public Authorizer(KubeApi kube, ShortMemory<Decision> known) {
        this.kube = kube;
        this.known = known;
    }

    /// Returns when the caller may.
    ///
    /// @throws Failure with code 403 when the answer is no, with 500 or 503 when there is no answer
    public void require(UserInfo user, RequestInfo info) {
        if (user.groups().contains(UserInfo.MASTERS)) {
            return;
        }
        ObjectNode spec = spec(user, info);
        String key = new String(Trees.bytes(spec), StandardCharsets.UTF_8);
        Decision decision = known.get(key, () -> ask(spec));
        if (!decision.allowed()) {
            throw forbidden(user, info, decision.reason());
        }
    }

    private Decision ask(ObjectNode spec) {
        ObjectNode review = Trees.object();
        review.put("apiVersion", "authorization.k8s.io/v1").put("kind", "SubjectAccessReview");
        review.set("spec", spec);
        try {
            JsonNode status = kube.create(PATH, review).path("status");
            return new Decision(
                    status.path("allowed").asBoolean(false), status.path("reason").asText(""));
        } catch (KubeFailure e) {
            throw e.toUnanswered("cannot find out whether this is allowed");
        }
    }

    private static ObjectNode spec(UserInfo user, RequestInfo info) {
        ObjectNode spec = Trees.object();
        if (info.isResource()) {
            spec.putObject("resourceAttributes")
                    .put("namespace", info.namespace())
                    .put("verb", info.verb())
                    .put("group", info.group())
                    .put("version", info.version())
                    .put("resource", info.resource())
                    .put("subresource", info.subresource())
                    .put("name", info.name());
        } else {
            spec.putObject("nonResourceAttributes")
                    .put("path", info.path())
                    .put("verb", info.verb());
        }
        spec.put("user", user.name()).put("uid", user.uid());
        spec.set("groups", Trees.strings(user.groups()));
        ObjectNode extra = spec.putObject("extra");
        user.extra().forEach((key, values) -> extra.set(key, Trees.strings(values)));
        return spec;
    }

    /// The words of k8s.io/apiserver, so that users find what they know.
    private static Failure forbidden(UserInfo user, RequestInfo info, String reason) {
        String because = reason.isEmpty() ? "" : ": " + reason;
        if (!info.isResource()) {
            return Failure.of(
                    403,
                    "Forbidden",
                    "forbidden: User \"%s\" cannot %s path \"%s\"%s"
                            .formatted(user.name(), info.verb(), info.path(), because));
        }
        String resource =
                info.subresource().isEmpty()
                        ? info.resource()
                        : info.resource() + "/" + info.subresource();
        String scope =
                info.namespace().isEmpty()
                        ? "at the cluster scope"
                        : "in the namespace \"" + info.namespace() + "\"";
        return Failure.of(
                        403,
                        "Forbidden",
                        "%s.%s \"%s\" is forbidden: User \"%s\" cannot %s resource \"%s\" in API group \"%s\" %s%s"
                                .formatted(
                                        info.resource(),
                                        info.group(),
                                        info.name(),
                                        user.name(),
                                        info.verb(),
                                        resource,
                                        info.group(),
                                        scope,
                                        because))
                .about(info.group(), info.resource(), info.name());
    }
}
