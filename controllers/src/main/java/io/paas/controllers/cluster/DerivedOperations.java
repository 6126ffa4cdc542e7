package io.paas.controllers.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.paas.api.json.Json;
import io.paas.api.meta.Annotations;
import io.paas.api.meta.Labels;
import io.paas.api.meta.Names;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.Operation;
import io.paas.api.v1.ProcessState;
import io.paas.plan.cluster.ClusterPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The Operations that follow from a changed spec: a group whose ExPodSet says another process
/// state than the spec is started or stopped. Named after the generation, so that it is made once.
final class DerivedOperations {

    private DerivedOperations() {}

    /// Empty when nothing changes for any Pod that exists. A plan whose groups go both ways needs
    /// two: the stop first.
    static List<Operation> of(ClusterWorld world, ClusterPlan.Run plan) {
        List<String> stops = new ArrayList<>();
        List<String> starts = new ArrayList<>();
        for (ClusterPlan.Group group : plan.groups()) {
            ExPodSet set = world.expodsets().get(group.name());
            if (set == null || pods(set) == 0 || stateOf(set) == group.processState()) {
                continue;
            }
            (group.processState() == ProcessState.STOPPED ? stops : starts).add(group.name());
        }
        String name = Names.operation(world.key().name(), world.generation());
        List<Operation> operations = new ArrayList<>();
        if (!stops.isEmpty()) {
            operations.add(operation(world, name, Operation.Type.STOP, stops));
        }
        if (!starts.isEmpty()) {
            String unique = stops.isEmpty() ? name : name + "-start";
            operations.add(operation(world, unique, Operation.Type.START, starts));
        }
        return operations;
    }

    static ProcessState stateOf(ExPodSet set) {
        return Objects.requireNonNullElse(set.spec().processState(), ProcessState.RUNNING);
    }

    private static int pods(ExPodSet set) {
        Integer pods = set.status() == null ? null : set.status().replicas();
        // Without a status nobody knows; an Operation without Pods ends at once.
        return pods == null ? Objects.requireNonNullElse(set.spec().replicas(), 1) : pods;
    }

    private static Operation operation(
            ClusterWorld world, String name, Operation.Type type, List<String> groups) {
        MiddlewareCluster cluster = world.cluster();
        Request request = Request.of(cluster, world.generation());
        V1ObjectMeta metadata =
                new V1ObjectMeta()
                        .name(name)
                        .namespace(world.key().namespace())
                        .labels(
                                Map.of(
                                        Labels.CLUSTER,
                                        world.key().name(),
                                        Labels.MANAGED_BY,
                                        Labels.MANAGED_BY_VALUE))
                        .addOwnerReferencesItem(
                                new V1OwnerReference()
                                        .apiVersion(Kind.API_VERSION)
                                        .kind(Kind.MIDDLEWARE_CLUSTER.kind())
                                        .name(world.key().name())
                                        .uid(world.uid())
                                        .controller(true)
                                        .blockOwnerDeletion(true));
        return new Operation(
                Kind.API_VERSION,
                Kind.OPERATION.kind(),
                metadata,
                new Operation.Spec(
                        type,
                        world.key().name(),
                        request.parameters(groups),
                        request.by(),
                        null,
                        null,
                        null),
                null);
    }

    /// The verb that made this generation, if it was one.
    private record Request(@Nullable JsonNode json) {

        static Request of(MiddlewareCluster cluster, long generation) {
            Map<String, String> annotations = cluster.metadata().getAnnotations();
            String text = annotations == null ? null : annotations.get(Annotations.REQUEST);
            if (text == null) {
                return new Request(null);
            }
            try {
                JsonNode json = Json.read(text, JsonNode.class);
                return new Request(json.path("generation").asLong(-1) == generation ? json : null);
            } catch (IllegalArgumentException _) {
                return new Request(null);
            }
        }

        Operation.@Nullable RequestedBy by() {
            return json == null ? null : Json.convert(json, Operation.RequestedBy.class);
        }

        Operation.Parameters parameters(List<String> groups) {
            JsonNode body = json == null ? null : json.get("body");
            if (body == null || !body.isObject()) {
                return new Operation.Parameters(groups, null, List.of(), null, null, null, null);
            }
            Operation.Parameters asked = Json.convert(body, Operation.Parameters.class);
            return new Operation.Parameters(
                    groups,
                    null,
                    List.of(),
                    asked.mode(),
                    asked.gracePeriodSeconds(),
                    asked.maxConcurrent(),
                    asked.intervalSeconds());
        }
    }
}
