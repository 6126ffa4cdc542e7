package io.paas.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.agent.AgentClient;
import io.paas.agent.AgentReply;
import io.paas.api.meta.Labels;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.ProcessState;
import io.paas.apiserver.client.Cluster;
import io.paas.apiserver.kinds.GroupVersionKind;
import io.paas.apiserver.request.Failure;
import io.paas.plan.cluster.GroupSize;
import io.paas.plan.cluster.GroupState;
import io.paas.token.Caller;
import io.paas.wire.HookParameters;
import io.paas.wire.HookReply;
import io.paas.wire.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.UUID;

/// Asks the extension, in a Pod that stays, whether Pods may leave: only it knows whether the
/// others can take over what they hold. The hook only looks; one that an extension has not allows
/// all.
final class ScaleInCheck {

    private static final String API = "check-scale-in";
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final Cluster cluster;
    private final AgentClient agents;

    ScaleInCheck(Cluster cluster, AgentClient agents) {
        this.cluster = cluster;
        this.agents = agents;
    }

    /// Returns when nothing speaks against it.
    ///
    /// @throws Failure 409 when the extension refuses, 503 when it cannot be asked
    void refuseUnlessAllowed(
            ClusterRequest request,
            MiddlewareCluster found,
            ExPodSet set,
            GroupSize now,
            GroupSize wanted) {
        ExPodSet.Hooks hooks = set.spec().hooks();
        if (hooks == null || hooks.preScaleIn() == null) {
            // Nobody saves anything of theirs, as with groups of the user's own.
            return;
        }
        if (set.spec().processState() == ProcessState.STOPPED) {
            throw request.conflict(
                    "the processes of group \"%s\" are stopped, so nobody could take over what its"
                                    .formatted(GroupState.group(set))
                            + " Pods hold; start them first");
        }
        SortedMap<Integer, JsonNode> pods = cluster.pods(found, set);
        JsonNode asked =
                pods.entrySet().stream()
                        .filter(pod -> wanted.running().contains(pod.getKey()))
                        .map(Map.Entry::getValue)
                        .filter(Cluster::isReady)
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        request.conflict(
                                                "no Pod that stays is Ready, so nobody can tell"
                                                        + " whether the others may leave"));
        HookParameters parameters =
                new HookParameters(
                        request.cluster(),
                        request.namespace(),
                        GroupState.group(set),
                        pods.entrySet().stream()
                                .map(pod -> member(pod.getKey(), pod.getValue()))
                                .toList(),
                        List.of(),
                        List.copyOf(now.without(wanted)),
                        Map.copyOf(hooks.preScaleIn().parameters()));
        judge(
                request,
                asked,
                agents.lifecycle(
                        PodAgents.address(asked),
                        new Caller(
                                request.call().user().name(),
                                request.requestedBy().requestID(),
                                request.call().auditId()),
                        API,
                        UUID.randomUUID().toString(),
                        Json.tree(parameters),
                        TIMEOUT));
    }

    private static void judge(ClusterRequest request, JsonNode asked, AgentReply<HookReply> reply) {
        String pod = asked.path("metadata").path("name").asText();
        switch (reply) {
            case AgentReply.Answered<HookReply>(int code, HookReply said) -> {
                String message = Objects.requireNonNullElse(said.message(), "no message");
                switch (code) {
                    case 200, 404 -> {}
                    case 412, 422 -> throw request.conflict(pod + " says: " + message);
                    default -> throw unanswered(request, pod, "HTTP " + code + ": " + message);
                }
            }
            case AgentReply.Refused<HookReply>(int code, String _, String message) -> {
                if (code != 404) {
                    throw unanswered(request, pod, "HTTP " + code + ": " + message);
                }
            }
            case AgentReply.Unreachable<HookReply>(String message, boolean _) ->
                    throw unanswered(request, pod, message);
        }
    }

    private static Failure unanswered(ClusterRequest request, String pod, String why) {
        return Failure.of(
                        503,
                        "ServiceUnavailable",
                        "%s of %s did not tell whether Pods may leave, so nothing was done: %s"
                                .formatted(API, pod, why))
                .about(GroupVersionKind.GROUP, "middlewareclusters", request.cluster());
    }

    private static HookParameters.Member member(int ordinal, JsonNode pod) {
        return new HookParameters.Member(
                pod.path("metadata").path("name").asText(),
                ordinal,
                pod.path("status").path("podIP").asText(),
                PodAgents.host(pod),
                Cluster.label(pod, Labels.ROLE));
    }
}
