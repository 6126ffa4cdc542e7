package io.paas.plan.expodset;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.paas.api.v1.ExPodSet;
import java.util.List;

/// Pods of one set prefer different nodes and zones, unless their template says where they go.
///
/// Added when a Pod is made and not part of its template: it never makes a running Pod anew.
final class PodSpread {

    private static final String FIELD = "topologySpreadConstraints";
    private static final List<String> TOPOLOGIES =
            List.of("kubernetes.io/hostname", "topology.kubernetes.io/zone");

    private PodSpread() {}

    /// An empty list in the template asks for none.
    static void prefer(ExPodSet set, ObjectNode podSpec) {
        if (podSpec.has(FIELD)) {
            return;
        }
        ArrayNode constraints = podSpec.putArray(FIELD);
        for (String topology : TOPOLOGIES) {
            ObjectNode constraint = constraints.addObject();
            constraint
                    .put("topologyKey", topology)
                    .put("maxSkew", 1)
                    .put("whenUnsatisfiable", "ScheduleAnyway");
            ObjectNode labels = constraint.putObject("labelSelector").putObject("matchLabels");
            set.spec().selector().matchLabels().forEach(labels::put);
        }
    }
}
