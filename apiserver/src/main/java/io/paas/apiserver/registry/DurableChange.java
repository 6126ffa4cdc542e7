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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The change of a cluster's spec that a start or stop of whole groups is: new Pods obey it, too.
/// Pure.
///
/// @param groups `spec.dynamicGroups` after the change
record DurableChange(List<DynamicGroup> groups) {

    /// The change that brings the given groups into a state; the same object when there is nothing
    /// to change.
    static DurableChange of(MiddlewareCluster cluster, List<String> names, ProcessState wanted) {
        List<DynamicGroup> groups = new ArrayList<>(cluster.spec().dynamicGroups());
        for (String name : names) {
            int at = indexOf(groups, name);
            if (at < 0) {
                // A group that the user never mentioned runs; only a stop has to be written down.
                if (wanted == ProcessState.STOPPED) {
                    groups.add(new DynamicGroup(name, null, null, wanted));
                }
            } else if (stateOf(groups.get(at)) != wanted) {
                DynamicGroup before = groups.get(at);
                groups.set(
                        at,
                        new DynamicGroup(name, before.staticGroup(), before.replicas(), wanted));
            }
        }
        return new DurableChange(groups);
    }

    boolean isEmpty(MiddlewareCluster cluster) {
        return groups.equals(cluster.spec().dynamicGroups());
    }

    /// The JSON Patch: it holds for exactly the object that was read.
    ArrayNode toPatch(MiddlewareCluster cluster, VerbRequest request) {
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
        add(patch, "/metadata/annotations/" + Annotations.REQUEST.replace("/", "~1"))
                .put("value", Json.write(request));
        add(patch, "/spec/dynamicGroups").set("value", Json.tree(groups));
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
