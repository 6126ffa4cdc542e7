package io.paas.controllers.operation;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodCondition;
import io.kubernetes.client.openapi.models.V1PodStatus;
import io.paas.agent.AgentAddress;
import io.paas.api.meta.Labels;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.Operation;
import io.paas.controllers.operation.OperationSnapshot.ClusterState;
import io.paas.controllers.runtime.Informers;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.informer.Informer;
import io.paas.plan.cluster.GroupState;
import io.paas.plan.expodset.Settings;
import io.paas.plan.process.GroupSnapshot;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Gathers a snapshot from the caches.
final class OperationObserver {

    private final Informer<MiddlewareCluster> clusters;
    private final ResourceClient<MiddlewareCluster> liveClusters;
    private final Informer<ExPodSet> sets;
    private final Informer<V1Pod> pods;
    private final StepCalls calls;
    private final InstantSource clock;

    OperationObserver(
            Informer<MiddlewareCluster> clusters,
            ResourceClient<MiddlewareCluster> liveClusters,
            Informer<ExPodSet> sets,
            Informer<V1Pod> pods,
            StepCalls calls,
            InstantSource clock) {
        this.clusters = clusters;
        this.liveClusters = liveClusters;
        this.sets = sets;
        this.pods = pods;
        this.calls = calls;
        this.clock = clock;
    }

    /// @param operation as it is on the server now
    OperationSnapshot observe(Operation operation, @Nullable String blockedBy) {
        String namespace = ObjectKey.of(operation).namespace();
        MiddlewareCluster cluster =
                cluster(operation, new ObjectKey(namespace, operation.spec().cluster()));
        List<GroupSnapshot> groups = new ArrayList<>();
        Set<String> wanted = new HashSet<>();
        Map<String, AgentAddress> agents = new HashMap<>();
        Map<String, GroupState> states = new HashMap<>();
        for (ExPodSet set : setsOf(cluster)) {
            String name = ObjectKey.of(set).name();
            states.put(GroupState.group(set), GroupState.of(set));
            List<V1Pod> live =
                    pods.byIndex(Informers.BY_OWNER, uid(set)).stream()
                            .filter(OperationObserver::isLive)
                            .filter(pod -> ordinal(name, pod).isPresent())
                            .toList();
            groups.add(GroupSnapshot.of(set, live.stream().map(pod -> podOf(name, pod)).toList()));
            Settings.of(set.spec()).running().forEach(ordinal -> wanted.add(name + "-" + ordinal));
            live.forEach(pod -> addAgent(pod, agents));
        }
        return new OperationSnapshot(
                operation,
                state(cluster),
                blockedBy,
                groups,
                wanted,
                states,
                cluster != null && Boolean.TRUE.equals(cluster.spec().paused()),
                agents,
                calls.states(
                        Objects.requireNonNull(operation.metadata().getUid()), attempts(operation)),
                clock.instant().atOffset(ZoneOffset.UTC));
    }

    /// A cluster that is not there, or goes, ends the Operation for ever: that is not decided by a
    /// cache that may lag behind the cluster's creation.
    private @Nullable MiddlewareCluster cluster(Operation operation, ObjectKey key) {
        MiddlewareCluster cached = clusters.get(key);
        return state(cached) == ClusterState.PRESENT || !Turns.isOpen(operation)
                ? cached
                : liveClusters.find(key).orElse(null);
    }

    private List<ExPodSet> setsOf(@Nullable MiddlewareCluster cluster) {
        return cluster == null
                ? List.of()
                : sets.byIndex(Informers.BY_OWNER, uid(cluster)).stream()
                        .sorted(Comparator.comparing(ObjectKey::of))
                        .toList();
    }

    private static Map<String, Integer> attempts(Operation operation) {
        return operation.status() == null
                ? Map.of()
                : operation.status().steps().stream()
                        .filter(step -> step.state() == Operation.StepState.RUNNING)
                        .collect(
                                Collectors.toMap(
                                        Operation.Step::name,
                                        step -> Objects.requireNonNullElse(step.attempt(), 1)));
    }

    private static ClusterState state(@Nullable MiddlewareCluster cluster) {
        if (cluster == null) {
            return ClusterState.ABSENT;
        }
        return cluster.metadata().getDeletionTimestamp() == null
                ? ClusterState.PRESENT
                : ClusterState.DELETING;
    }

    private static boolean isLive(V1Pod pod) {
        String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
        KubernetesObject object = pod;
        return object.getMetadata().getDeletionTimestamp() == null
                && !"Failed".equals(phase)
                && !"Succeeded".equals(phase);
    }

    private static OptionalInt ordinal(String set, V1Pod pod) {
        return GroupSnapshot.ordinal(set, ObjectKey.of(pod).name());
    }

    private static GroupSnapshot.Pod podOf(String set, V1Pod pod) {
        return new GroupSnapshot.Pod(
                ObjectKey.of(pod).name(),
                ordinal(set, pod).orElseThrow(),
                label(pod, Labels.ROLE),
                isReady(pod.getStatus()),
                pod.getSpec() == null ? null : pod.getSpec().getNodeName());
    }

    private static boolean isReady(@Nullable V1PodStatus status) {
        List<V1PodCondition> conditions = status == null ? null : status.getConditions();
        return conditions != null
                && conditions.stream()
                        .anyMatch(
                                condition ->
                                        "Ready".equals(condition.getType())
                                                && "True".equals(condition.getStatus()));
    }

    private static void addAgent(V1Pod pod, Map<String, AgentAddress> agents) {
        String ip = pod.getStatus() == null ? null : pod.getStatus().getPodIP();
        if (ip == null || ip.isEmpty() || pod.getSpec() == null) {
            return;
        }
        ObjectKey key = ObjectKey.of(pod);
        String subdomain = pod.getSpec().getSubdomain();
        String host =
                key.name()
                        + (subdomain == null ? "" : "." + subdomain)
                        + "."
                        + key.namespace()
                        + ".svc";
        agents.put(key.name(), new AgentAddress(ip, host, uid(pod)));
    }

    private static String uid(KubernetesObject object) {
        return Objects.requireNonNull(object.getMetadata().getUid());
    }

    static @Nullable String label(KubernetesObject object, String key) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return labels == null ? null : labels.get(key);
    }
}
