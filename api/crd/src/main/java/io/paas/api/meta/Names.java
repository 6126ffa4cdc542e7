package io.paas.api.meta;

import java.util.Set;

/// Names that the parts of the platform agree on.
public final class Names {

    /// Namespace of the platform's own objects.
    public static final String SYSTEM_NAMESPACE = "middleware-system";

    /// Namespace of the extension packages; who may publish is RBAC in it.
    public static final String EXTENSIONS_NAMESPACE = "middleware-extensions";

    /// ConfigMap of the public keys that verify process tokens.
    public static final String TOKEN_KEYS = "process-token-keys";

    /// ClusterRole that lets an agent patch Pods; a policy narrows it to its own Pod.
    public static final String AGENT_ROLE = "middleware-agent";

    /// Readiness gate of Pods that join by a hook (KEP-580): until then no Service leads to them.
    public static final String JOINED_GATE = Labels.PREFIX + "joined";

    public static final String MAIN_CONTAINER = "main";
    public static final String AGENT_CONTAINER = "agent";
    public static final String LAUNCHER_CONTAINER = "launcher";

    public static final int READY_PORT = 9870;
    public static final int SUPERVISOR_PORT = 9871;
    public static final int LIFECYCLE_PORT = 9872;

    private Names() {}

    public static String expodset(String cluster, String group) {
        return cluster + "-" + group;
    }

    public static String agentServiceAccount(String cluster) {
        return cluster + "-middleware-agent";
    }

    /// The Operation that brings a cluster to the given generation of its spec.
    public static String operation(String cluster, long generation) {
        return cluster + "-g" + generation;
    }

    /// The first one of that generation whose name nobody has.
    public static String nextOperation(String cluster, long generation, Set<String> used) {
        String first = operation(cluster, generation);
        String name = first;
        for (int i = 2; used.contains(name); i++) {
            name = first + "-" + i;
        }
        return name;
    }
}
