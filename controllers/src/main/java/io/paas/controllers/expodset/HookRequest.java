package io.paas.controllers.expodset;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.paas.agent.AgentAddress;
import io.paas.api.meta.Labels;
import io.paas.api.v1.ExPodSet;
import io.paas.plan.expodset.ExPodSetSnapshot;
import io.paas.plan.expodset.ObservedPod;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A call as it is sent, and sent again: its parameters are those of the moment in which the
/// attempt began, also when roles have moved since.
record HookRequest(String key, JsonObject parameters) {

    /// The key names all that the parameters are made from, so that a new leader either finds the
    /// run of the old one or begins another; a key with other parameters would be refused.
    ///
    /// @param members uids of the Pods that the call speaks of
    static HookRequest keyed(
            ExPodSetSnapshot snapshot,
            String api,
            String target,
            JsonObject parameters,
            List<String> members,
            int attempt) {
        String key =
                String.join(
                        "/",
                        Objects.requireNonNull(snapshot.set().metadata().getUid()),
                        api,
                        target,
                        snapshot.occasion(),
                        hash(parameters + " " + members),
                        Integer.toString(attempt));
        return new HookRequest(key, parameters);
    }

    /// What every hook is told, and which of the ordinals it is about.
    ///
    /// @param which the name of the list of `ordinals`
    static JsonObject parameters(
            ExPodSet set,
            List<ObservedPod> pods,
            String which,
            Collection<Integer> ordinals,
            Map<String, String> more) {
        JsonObject parameters = new JsonObject();
        parameters.addProperty("cluster", label(set, Labels.CLUSTER));
        parameters.addProperty("namespace", set.metadata().getNamespace());
        parameters.addProperty("group", label(set, Labels.GROUP));
        JsonArray members = new JsonArray();
        pods.forEach(pod -> members.add(member(set, pod)));
        parameters.add("members", members);
        JsonArray about = new JsonArray();
        ordinals.forEach(about::add);
        parameters.add(which, about);
        JsonObject topology = new JsonObject();
        more.forEach(topology::addProperty);
        parameters.add("topologyParameters", topology);
        return parameters;
    }

    /// Where a Pod's agent is called.
    static AgentAddress address(ExPodSet set, ObservedPod pod) {
        return new AgentAddress(pod.ip(), host(set, pod), pod.uid());
    }

    private static JsonObject member(ExPodSet set, ObservedPod pod) {
        JsonObject member = new JsonObject();
        member.addProperty("pod", pod.name());
        member.addProperty("ordinal", pod.ordinal());
        member.addProperty("ip", pod.ip());
        member.addProperty("host", host(set, pod));
        if (!pod.role().isEmpty()) {
            member.addProperty("role", pod.role());
        }
        return member;
    }

    private static String host(ExPodSet set, ObservedPod pod) {
        return pod.name()
                + "."
                + set.spec().serviceName()
                + "."
                + set.metadata().getNamespace()
                + ".svc";
    }

    private static @Nullable String label(ExPodSet set, String label) {
        Map<String, String> labels = set.metadata().getLabels();
        return labels == null
                ? set.metadata().getName()
                : labels.getOrDefault(label, set.metadata().getName());
    }

    private static String hash(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
