package io.paas.apiserver.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.paas.api.json.Json;
import io.paas.api.meta.Annotations;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.MiddlewareCluster.DynamicGroup;
import io.paas.api.v1.Operation;
import io.paas.api.v1.ProcessState;
import io.paas.api.v1.VerbRequest;
import io.paas.apiserver.request.Trees;
import io.paas.plan.cluster.GroupSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/// The change of a cluster's spec that a verb is: new Pods obey it, too. Pure.
///
/// @param groups `spec.dynamicGroups` after the change
record DurableChange(List<DynamicGroup> groups) {

    /// The change that brings the given groups into a state.
    static DurableChange ofProcesses(
            MiddlewareCluster cluster, List<String> names, ProcessState wanted) {
        List<DynamicGroup> groups = cluster.spec().dynamicGroups();
        for (String name : names) {
            groups = changed(groups, name, group -> inState(group, wanted));
        }
        return new DurableChange(groups);
    }

    /// The change that gives a group other Pods.
    static DurableChange ofSize(MiddlewareCluster cluster, String name, GroupSize wanted) {
        return new DurableChange(
                changed(
                        cluster.spec().dynamicGroups(),
                        name,
                        group ->
                                new DynamicGroup(
                                        name,
                                        group.staticGroup(),
                                        wanted.replicas(),
                                        wanted.offlineOrdinals(),
                                        group.processState())));
    }

    /// A group that the user never mentioned is what its topology says; it is mentioned only if
    /// that is no longer so.
    private static List<DynamicGroup> changed(
            List<DynamicGroup> groups, String name, UnaryOperator<DynamicGroup> change) {
        List<DynamicGroup> changed = new ArrayList<>(groups);
        int at = indexOf(groups, name);
        DynamicGroup before =
                at < 0 ? new DynamicGroup(name, null, null, List.of(), null) : groups.get(at);
        DynamicGroup after = change.apply(before);
        if (at >= 0) {
            changed.set(at, after);
        } else if (!after.equals(before)) {
            changed.add(after);
        }
        return changed;
    }

    private static DynamicGroup inState(DynamicGroup group, ProcessState wanted) {
        return stateOf(group) == wanted
                ? group
                : new DynamicGroup(
                        group.name(),
                        group.staticGroup(),
                        group.replicas(),
                        group.offlineOrdinals(),
                        wanted);
    }

    boolean isEmpty(MiddlewareCluster cluster) {
        return groups.equals(cluster.spec().dynamicGroups());
    }

    /// The JSON Patch: it holds for exactly the object that was read.
    ArrayNode toPatch(MiddlewareCluster cluster, VerbRequest request) {
        ArrayNode patch = annotated(cluster, Annotations.REQUEST, Json.write(request));
        add(patch, "/spec/dynamicGroups").set("value", Json.tree(groups));
        return patch;
    }

    /// The JSON Patch that sets an annotation and changes nothing else.
    static ArrayNode annotated(MiddlewareCluster cluster, String key, String value) {
        ArrayNode patch = Trees.array();
        test(patch, "/metadata/uid", Objects.requireNonNull(cluster.metadata().getUid()));
        test(
                patch,
                "/metadata/resourceVersion",
                Objects.requireNonNull(cluster.metadata().getResourceVersion()));
        Map<String, String> annotations = cluster.metadata().getAnnotations();
        if (annotations == null || annotations.isEmpty()) {
            add(patch, "/metadata/annotations").putObject("value");
        }
        add(patch, "/metadata/annotations/" + key.replace("/", "~1")).put("value", value);
        return patch;
    }

    private static void test(ArrayNode patch, String path, String value) {
        patch.addObject().put("op", "test").put("path", path).put("value", value);
    }

    private static ObjectNode add(ArrayNode patch, String path) {
        return patch.addObject().put("op", "add").put("path", path);
    }

    private static int indexOf(List<DynamicGroup> groups, String name) {
        for (int i = 0; i < groups.size(); i++) {
            if (groups.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static ProcessState stateOf(DynamicGroup group) {
        return Objects.requireNonNullElse(group.processState(), ProcessState.RUNNING);
    }

    /// The state that a verb brings about.
    static ProcessState wanted(Operation.Type type) {
        return type == Operation.Type.STOP ? ProcessState.STOPPED : ProcessState.RUNNING;
    }
}
