package io.paas.apiserver.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.api.json.Json;
import io.paas.api.meta.Labels;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.Operation;
import io.paas.api.v1.Resource;
import io.paas.apiserver.request.Failure;
import io.paas.plan.process.GroupSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the Kubernetes cluster holds, read fresh for each request: this server keeps no copy that
/// could be stale.
public final class Cluster {

    /// RFC 1123 subdomain; nothing else can be an object's name, or change a path's meaning.
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

    private final KubeApi kube;

    public Cluster(KubeApi kube) {
        this.kube = kube;
    }

    /// A MiddlewareCluster.
    ///
    /// @throws Failure 404 when it is not there
    public MiddlewareCluster middlewareCluster(String namespace, String name) {
        return get(Kind.MIDDLEWARE_CLUSTER, namespace, name)
                .orElseThrow(() -> notFound(Kind.MIDDLEWARE_CLUSTER, name));
    }

    /// An Operation.
    ///
    /// @throws Failure 404 when it is not there
    public Operation operation(String namespace, String name) {
        return findOperation(namespace, name).orElseThrow(() -> notFound(Kind.OPERATION, name));
    }

    public Optional<Operation> findOperation(String namespace, String name) {
        return get(Kind.OPERATION, namespace, name);
    }

    /// All Operations of a MiddlewareCluster, the oldest first.
    public List<Operation> operations(String namespace, String cluster) {
        return list(path(Kind.OPERATION, namespace), "operations").stream()
                .map(item -> Json.convert(item, Operation.class))
                .filter(operation -> operation.spec().cluster().equals(cluster))
                .sorted(
                        Comparator.comparing(
                                operation ->
                                        Objects.requireNonNullElse(
                                                        operation.metadata().getCreationTimestamp(),
                                                        java.time.OffsetDateTime.MIN)
                                                .toInstant()))
                .toList();
    }

    /// The Operation that is not yet final.
    public static Optional<Operation> running(List<Operation> operations) {
        return operations.stream()
                .filter(
                        operation ->
                                operation.status() == null
                                        || operation.status().phase() == null
                                        || !operation.status().phase().isFinal())
                .findFirst();
    }

    /// The groups of a MiddlewareCluster with their live Pods. Who controls an object decides, as
    /// in the controllers; labels only keep the lists short, since anybody may write them.
    public List<GroupSnapshot> groups(MiddlewareCluster of) {
        Map<String, List<JsonNode>> pods = livePods(of);
        return expodsets(of).stream()
                .map(set -> group(set, pods.getOrDefault(uid(set), List.of())))
                .sorted(Comparator.comparing(GroupSnapshot::name))
                .toList();
    }

    /// The ExPodSets of a MiddlewareCluster.
    public List<ExPodSet> expodsets(MiddlewareCluster of) {
        String namespace = Objects.requireNonNull(of.metadata().getNamespace());
        String selector = ofCluster(Objects.requireNonNull(of.metadata().getName()));
        return list(path(Kind.EXPODSET, namespace) + selector, "expodsets").stream()
                .filter(set -> controller(set).equals(of.metadata().getUid()))
                .map(set -> Json.convert(set, ExPodSet.class))
                .toList();
    }

    /// The live Pods of an ExPodSet as JSON, by ordinal.
    public SortedMap<Integer, JsonNode> pods(MiddlewareCluster of, ExPodSet set) {
        return byOrdinal(set, livePods(of).getOrDefault(uid(set), List.of()));
    }

    /// By the uid of who controls them.
    private Map<String, List<JsonNode>> livePods(MiddlewareCluster of) {
        String namespace = Objects.requireNonNull(of.metadata().getNamespace());
        String selector = ofCluster(Objects.requireNonNull(of.metadata().getName()));
        return list("/api/v1/namespaces/" + namespace + "/pods" + selector, "pods").stream()
                .filter(Cluster::isLive)
                .collect(Collectors.groupingBy(Cluster::controller));
    }

    private static SortedMap<Integer, JsonNode> byOrdinal(ExPodSet set, List<JsonNode> pods) {
        String name = Objects.requireNonNull(set.metadata().getName());
        SortedMap<Integer, JsonNode> own = new TreeMap<>();
        for (JsonNode pod : pods) {
            GroupSnapshot.ordinal(name, pod.path("metadata").path("name").asText())
                    .ifPresent(ordinal -> own.put(ordinal, pod));
        }
        return own;
    }

    private static GroupSnapshot group(ExPodSet set, List<JsonNode> pods) {
        List<GroupSnapshot.Pod> own = new ArrayList<>();
        byOrdinal(set, pods).forEach((ordinal, pod) -> own.add(pod(pod, ordinal)));
        return GroupSnapshot.of(set, own);
    }

    /// Whether a Pod said that it is ready.
    public static boolean isReady(JsonNode pod) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    private static boolean isLive(JsonNode pod) {
        String phase = pod.path("status").path("phase").asText();
        return !pod.path("metadata").has("deletionTimestamp")
                && !phase.equals("Failed")
                && !phase.equals("Succeeded");
    }

    private static String uid(ExPodSet set) {
        return Objects.requireNonNullElse(set.metadata().getUid(), "");
    }

    /// The uid of the object that controls this one; empty if none does.
    private static String controller(JsonNode object) {
        for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
            if (owner.path("controller").asBoolean()) {
                return owner.path("uid").asText();
            }
        }
        return "";
    }

    /// A Pod as JSON.
    public Optional<JsonNode> pod(String namespace, String name) {
        return read("/api/v1/namespaces/" + checked(namespace) + "/pods/" + checked(name));
    }

    /// The Services of a MiddlewareCluster as JSON.
    public List<JsonNode> services(String namespace, String cluster) {
        return list(
                "/api/v1/namespaces/" + namespace + "/services" + ofCluster(cluster), "services");
    }

    public static @Nullable String label(JsonNode object, String key) {
        return object.path("metadata").path("labels").path(key).textValue();
    }

    /// Path of the collection of a kind.
    public static String path(Kind<?> kind, String namespace) {
        return "/apis/%s/namespaces/%s/%s"
                .formatted(Kind.API_VERSION, checked(namespace), kind.plural());
    }

    private <T extends Resource> Optional<T> get(Kind<T> kind, String namespace, String name) {
        return NAME.matcher(name).matches()
                ? read(path(kind, namespace) + "/" + name)
                        .map(tree -> Json.convert(tree, kind.type()))
                : Optional.empty();
    }

    private Optional<JsonNode> read(String path) {
        try {
            return Optional.of(kube.get(path));
        } catch (KubeFailure e) {
            if (e.code() == 404) {
                return Optional.empty();
            }
            throw e.toUnanswered("cannot read " + path);
        }
    }

    private List<JsonNode> list(String path, String what) {
        try {
            List<JsonNode> items = new ArrayList<>();
            kube.get(path).path("items").forEach(items::add);
            return items;
        } catch (KubeFailure e) {
            throw e.toUnanswered("cannot list " + what);
        }
    }

    private static GroupSnapshot.Pod pod(JsonNode pod, int ordinal) {
        return new GroupSnapshot.Pod(
                pod.path("metadata").path("name").asText(),
                ordinal,
                label(pod, Labels.ROLE),
                isReady(pod),
                pod.path("spec").path("nodeName").textValue());
    }

    private static String ofCluster(String cluster) {
        return "?labelSelector=" + Labels.CLUSTER.replace("/", "%2F") + "%3D" + checked(cluster);
    }

    private static String checked(String name) {
        if (!NAME.matcher(name).matches()) {
            throw Failure.notFound("\"" + name + "\" is no name of an object");
        }
        return name;
    }

    private static Failure notFound(Kind<?> kind, String name) {
        return Failure.notFound(Kind.GROUP, kind.plural(), name);
    }
}
