package io.paas.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.agent.AgentAddress;
import io.paas.agent.AgentReply;
import io.paas.api.meta.Labels;
import io.paas.apiserver.client.Cluster;
import io.paas.apiserver.kinds.GroupVersionKind;
import io.paas.apiserver.request.Failure;
import io.paas.wire.Reasons;
import java.util.Objects;

/// Finds a Pod's agent, and turns the agent's answers into ours.
final class PodAgents {

    private static final String PODS = "pods";

    private final Cluster cluster;

    PodAgents(Cluster cluster) {
        this.cluster = cluster;
    }

    /// A Pod of a MiddlewareCluster whose agent can be called.
    record Target(String cluster, AgentAddress address) {}

    /// Finds the Pod that a call names.
    ///
    /// @throws Failure 404 when there is no such Pod of ours, 409 when it cannot be called now
    Target find(Call call) {
        JsonNode pod =
                cluster.pod(call.namespace(), call.name())
                        .orElseThrow(() -> Failure.notFound("", PODS, call.name()));
        String owner = Cluster.label(pod, Labels.CLUSTER);
        if (owner == null || Cluster.label(pod, Labels.ORDINAL) == null) {
            throw Failure.notFound(
                            "pods \"%s\" belongs to no MiddlewareCluster: it has no label %s"
                                    .formatted(call.name(), Labels.CLUSTER))
                    .about(GroupVersionKind.GROUP, PODS, call.name());
        }
        return new Target(owner, address(pod));
    }

    /// Where a Pod's agent is called.
    ///
    /// @throws Failure 409 when it cannot be called now
    static AgentAddress address(JsonNode pod) {
        String name = pod.path("metadata").path("name").asText();
        JsonNode status = pod.path("status");
        if (pod.path("metadata").has("deletionTimestamp")) {
            throw notNow(name, "it is being deleted");
        }
        if (!status.path("phase").asText().equals("Running") && !status.has("podIP")) {
            throw notNow(
                    name, "it is " + status.path("phase").asText("Pending") + " and has no IP yet");
        }
        String ip = status.path("podIP").asText();
        // A Pod on its node's network has the node's address: whoever listens there is not it.
        if (pod.path("spec").path("hostNetwork").asBoolean()
                || ip.equals(status.path("hostIP").asText())) {
            throw notNow(name, "it is on its node's network, where no agent can be recognised");
        }
        return new AgentAddress(ip, host(pod), pod.path("metadata").path("uid").asText());
    }

    /// The Pod's stable name behind its headless Service.
    static String host(JsonNode pod) {
        String service =
                pod.path("spec")
                        .path("subdomain")
                        .asText(
                                Cluster.label(pod, Labels.CLUSTER)
                                        + "-"
                                        + Cluster.label(pod, Labels.GROUP));
        JsonNode metadata = pod.path("metadata");
        return metadata.path("name").asText()
                + "."
                + service
                + "."
                + metadata.path("namespace").asText()
                + ".svc";
    }

    private static Failure notNow(String pod, String why) {
        return Failure.conflict(
                GroupVersionKind.GROUP,
                PODS,
                pod,
                "the process of pods \"" + pod + "\" cannot be reached: " + why);
    }

    /// What an agent answered.
    ///
    /// @throws Failure when it is no answer
    static <T> AgentReply.Answered<T> answered(Call call, AgentReply<T> reply) {
        return switch (reply) {
            case AgentReply.Answered<T> answered -> answered;
            case AgentReply.Refused<T> refused -> throw refused(call, refused);
            case AgentReply.Unreachable<T>(String message, boolean maybeDone) ->
                    throw Failure.of(
                                    maybeDone ? 504 : 503,
                                    maybeDone ? "Timeout" : "ServiceUnavailable",
                                    message
                                            + (maybeDone
                                                    ? "; whether it was done is unknown, the Pod's"
                                                            + " process shows it"
                                                    : "; nothing was done"))
                            .about(GroupVersionKind.GROUP, PODS, call.name());
        };
    }

    private static Failure refused(Call call, AgentReply.Refused<?> refused) {
        String message = "the agent of pods \"%s\": %s".formatted(call.name(), refused.message());
        Failure failure =
                switch (refused.code()) {
                    case 400 -> Failure.badRequest(message);
                    case 404 -> Failure.of(404, "NotFound", message);
                    case 409 ->
                            Failure.of(
                                    409,
                                    Objects.equals(refused.reason(), Reasons.REQUEST_ID_REUSED)
                                            ? "AlreadyExists"
                                            : "Conflict",
                                    message);
                    // The request was good and was carried out; the process did not do its part.
                    // 409
                    // would make clients repeat it, 500 would be ours.
                    case 422 -> Failure.of(422, refused.reason(), message);
                    case 429 -> Failure.retryLater(429, "TooManyRequests", message, 1);
                    case 503 -> Failure.of(503, "ServiceUnavailable", message);
                    // 401 and 403 are about our token, not about the caller.
                    default ->
                            Failure.of(
                                    500, "InternalError", message + " (" + refused.reason() + ")");
                };
        return failure.about(GroupVersionKind.GROUP, PODS, call.name());
    }
}
