package io.paas.apiserver.registry;

import io.paas.agent.AgentClient;
import io.paas.api.v1.Operation;
import io.paas.apiserver.client.Cluster;
import io.paas.apiserver.client.KubeApi;
import io.paas.wire.ProcessVerb;
import java.util.ArrayList;
import java.util.List;

/// Everything that this server can do.
public final class Subresources {

    private Subresources() {}

    public static List<Subresource> all(KubeApi kube, AgentClient agents) {
        Cluster cluster = new Cluster(kube);
        PodAgents pods = new PodAgents(cluster);
        List<Subresource> all = new ArrayList<>();
        for (ProcessVerb verb : ProcessVerb.values()) {
            all.add(new PodProcessVerb(verb, cluster, pods, agents));
        }
        all.add(new PodProcess(pods, agents));
        for (Operation.Type type : Operation.Type.values()) {
            if (type.isOfProcesses()) {
                all.add(new ClusterProcessVerb(type, kube, cluster));
            }
        }
        all.add(new ClusterScaleVerb(kube, cluster, agents));
        all.add(new ClusterConnection(cluster));
        for (Operation.Control control : Operation.Control.values()) {
            all.add(new OperationControl(control, kube, cluster));
        }
        all.add(new OperationRetry(kube, cluster));
        return List.copyOf(all);
    }
}
