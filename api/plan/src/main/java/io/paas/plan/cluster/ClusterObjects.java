package io.paas.plan.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.paas.api.json.Json;
import io.paas.api.meta.Annotations;
import io.paas.api.meta.Labels;
import io.paas.api.meta.Names;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.ProcessState;
import io.paas.api.v1.RetryRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The objects of a cluster as they are applied: all the fields that are ours and no others.
public final class ClusterObjects {

    private static final String PRIMARY = "-primary";
    private static final String REPLICAS = "-replicas";

    private final MiddlewareCluster cluster;
    private final String name;
    private final RevisionContent content;

    private ClusterObjects(MiddlewareCluster cluster, Revision revision) {
        this.cluster = cluster;
        this.name = Objects.requireNonNull(cluster.metadata().getName());
        this.content = revision.content();
    }

    /// Everything that must be there before the ExPodSets, in the order of creation.
    public static List<ObjectNode> before(MiddlewareCluster cluster, ClusterLayout layout) {
        return new ClusterObjects(cluster, layout.target()).supporting(layout);
    }

    /// One for each group that does not leave.
    public static List<ObjectNode> expodsets(MiddlewareCluster cluster, ClusterLayout layout) {
        ClusterObjects objects = new ClusterObjects(cluster, layout.target());
        return layout.groups().stream()
                .filter(placed -> !layout.leaving().contains(placed.name()))
                .map(objects::expodset)
                .toList();
    }

    /// The ControllerRevision that stores a revision.
    public static ObjectNode revision(MiddlewareCluster cluster, Revision revision) {
        ObjectNode manifest =
                new ClusterObjects(cluster, revision)
                        .manifest("apps/v1", "ControllerRevision", revision.name(), null);
        manifest.put("revision", revision.number());
        manifest.set("data", Json.tree(revision.content()));
        return manifest;
    }

    private List<ObjectNode> supporting(ClusterLayout layout) {
        List<ObjectNode> objects = new ArrayList<>();
        objects.add(serviceAccount());
        objects.add(roleBinding());
        objects.addAll(clientServices());
        for (ClusterLayout.Placed placed : layout.groups()) {
            ClusterPlan.Group group = placed.group();
            objects.add(headless(group));
            objects.add(configMap(group));
            objects.add(disruptionBudget(group));
        }
        return objects;
    }

    private ObjectNode serviceAccount() {
        return manifest("v1", "ServiceAccount", Names.agentServiceAccount(name), null)
                .put("automountServiceAccountToken", false);
    }

    private ObjectNode roleBinding() {
        String account = Names.agentServiceAccount(name);
        ObjectNode binding = manifest("rbac.authorization.k8s.io/v1", "RoleBinding", account, null);
        binding.set(
                "roleRef",
                Tree.object(
                        "apiGroup",
                        "rbac.authorization.k8s.io",
                        "kind",
                        "ClusterRole",
                        "name",
                        Names.AGENT_ROLE));
        binding.set(
                "subjects",
                Tree.array(
                        Tree.object(
                                "kind",
                                "ServiceAccount",
                                "name",
                                account,
                                "namespace",
                                namespace())));
        return binding;
    }

    private List<ObjectNode> clientServices() {
        List<RevisionContent.Port> ports = content.ports();
        if (ports.isEmpty()) {
            return List.of();
        }
        List<ObjectNode> services = new ArrayList<>();
        services.add(service(name, null, ports, Map.of()));
        List<String> roles = content.roles();
        List<String> suffixes = List.of(PRIMARY, REPLICAS);
        for (int i = 0; i < Math.min(roles.size(), suffixes.size()); i++) {
            String service = name + suffixes.get(i);
            services.add(service(service, null, ports, Map.of(Labels.ROLE, roles.get(i))));
        }
        return services;
    }

    private ObjectNode headless(ClusterPlan.Group group) {
        ObjectNode service =
                service(
                        expodsetName(group),
                        group.name(),
                        group.content().ports(),
                        Map.of(Labels.GROUP, group.name()));
        ObjectNode spec = Tree.child(service, "spec");
        spec.put("clusterIP", "None");
        // Members must find each other before they can be ready.
        spec.put("publishNotReadyAddresses", true);
        return service;
    }

    private ObjectNode service(
            String service,
            @Nullable String group,
            List<RevisionContent.Port> ports,
            Map<String, String> labels) {
        Map<String, String> selector = new TreeMap<>(labels);
        selector.put(Labels.CLUSTER, name);
        ArrayNode list = Tree.array();
        for (RevisionContent.Port port : ports) {
            list.add(
                    Tree.object(
                            "name",
                            port.name(),
                            "port",
                            port.port(),
                            "protocol",
                            "TCP",
                            "targetPort",
                            port.name()));
        }
        ObjectNode object = manifest("v1", "Service", service, group);
        ObjectNode spec = Tree.object("selector", Tree.object(selector));
        // The server forgets an empty list, and it would be applied again for ever.
        if (!list.isEmpty()) {
            spec.set("ports", list);
        }
        object.set("spec", spec);
        return object;
    }

    private ObjectNode configMap(ClusterPlan.Group group) {
        ObjectNode map = manifest("v1", "ConfigMap", expodsetName(group), group.name());
        map.set("data", Tree.object(group.content().files()));
        return map;
    }

    private ObjectNode disruptionBudget(ClusterPlan.Group group) {
        ObjectNode budget =
                manifest("policy/v1", "PodDisruptionBudget", expodsetName(group), group.name());
        budget.set(
                "spec",
                Tree.object(
                        "maxUnavailable",
                        1,
                        "selector",
                        Tree.object("matchLabels", selector(group)),
                        // A stopped or broken Pod must not keep a node from being drained.
                        "unhealthyPodEvictionPolicy",
                        "AlwaysAllow"));
        return budget;
    }

    private ObjectNode expodset(ClusterLayout.Placed placed) {
        ClusterPlan.Group group = placed.group();
        RevisionContent.Group made = group.content();
        ObjectNode set =
                manifest(Kind.API_VERSION, Kind.EXPODSET.kind(), expodsetName(group), group.name());
        ObjectNode spec =
                Tree.object(
                        "replicas",
                        group.replicas(),
                        "serviceName",
                        expodsetName(group),
                        "selector",
                        Tree.object("matchLabels", selector(group)),
                        "template",
                        made.template(),
                        "podManagementPolicy",
                        "Parallel",
                        "processState",
                        processState(group.processState()),
                        "paused",
                        Boolean.TRUE.equals(cluster.spec().paused()));
        if (!group.size().offlineOrdinals().isEmpty()) {
            spec.set("offlineOrdinals", Tree.array(group.size().offlineOrdinals()));
        }
        if (!made.volumeClaimTemplates().isEmpty()) {
            spec.set("volumeClaimTemplates", Tree.array(made.volumeClaimTemplates()));
        }
        if (!made.restartOrder().isEmpty()) {
            spec.set("restartOrder", Tree.array(made.restartOrder()));
        }
        if (made.hooks() != null && !Json.tree(made.hooks()).isEmpty()) {
            spec.set("hooks", Json.tree(made.hooks()));
        }
        ObjectNode annotations = Tree.child((ObjectNode) set.get("metadata"), "annotations");
        annotations.put(Annotations.CLUSTER_REVISION, placed.revision());
        RetryRequest retry = RetryRequest.of(cluster);
        if (retry != null) {
            annotations.put(Annotations.RETRY, retry.operation());
        }
        set.set("spec", spec);
        return set;
    }

    private static String processState(ProcessState state) {
        return Json.tree(state).textValue();
    }

    private ObjectNode selector(ClusterPlan.Group group) {
        return Tree.object(Labels.CLUSTER, name, Labels.GROUP, group.name());
    }

    private ObjectNode manifest(
            String apiVersion, String kind, String object, @Nullable String group) {
        ObjectNode labels =
                Tree.object(
                        Labels.NAME,
                        content.type(),
                        Labels.INSTANCE,
                        name,
                        Labels.MANAGED_BY,
                        Labels.MANAGED_BY_VALUE,
                        Labels.CLUSTER,
                        name);
        if (group != null) {
            labels.put(Labels.COMPONENT, group);
            labels.put(Labels.GROUP, group);
        }
        return Tree.object(
                "apiVersion",
                apiVersion,
                "kind",
                kind,
                "metadata",
                Tree.object(
                        "name",
                        object,
                        "namespace",
                        namespace(),
                        "labels",
                        labels,
                        "ownerReferences",
                        Tree.array(owner())));
    }

    private ObjectNode owner() {
        return Tree.object(
                "apiVersion",
                Kind.API_VERSION,
                "kind",
                Kind.MIDDLEWARE_CLUSTER.kind(),
                "name",
                name,
                "uid",
                Objects.requireNonNull(cluster.metadata().getUid()),
                "controller",
                true,
                "blockOwnerDeletion",
                true);
    }

    private String namespace() {
        return Objects.requireNonNull(cluster.metadata().getNamespace());
    }

    private String expodsetName(ClusterPlan.Group group) {
        return Names.expodset(name, group.name());
    }
}
