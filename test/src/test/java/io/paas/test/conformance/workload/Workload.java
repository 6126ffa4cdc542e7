package io.paas.test.conformance.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/// One set under test, named `ss`, in a namespace of its own; what a case may do and see.
///
/// @param kind which kind it is of
/// @param patience for everything that is awaited
record Workload(KubeApi api, WorkloadKind kind, String namespace, Patience patience)
        implements AutoCloseable {

    static final String NAME = "ss";

    /// One replica of image `old`, OrderedReady and RollingUpdate, unless changed.
    void create(Change... changes) {
        ObjectNode object =
                KubeApi.parse(
                        """
                        {"apiVersion": "%s", "kind": "%s", "metadata": {"name": "%s"},
                         "spec": {"replicas": 1, "serviceName": "test",
                           "selector": {"matchLabels": {"app": "ss"}},
                           "template": {"metadata": {"labels": {"app": "ss"}},
                             "spec": {"nodeName": "%s",
                               "containers": [{"name": "web", "image": "old"}]}}}}"""
                                .formatted(kind.apiVersion(), kind, NAME, ConformanceCluster.NODE));
        api.create(kind.path(namespace), merged(object, changes));
    }

    void update(Change... changes) {
        api.merge(path(), merged(KubeApi.parse("{}"), changes));
    }

    void scale(int replicas) {
        update(Change.replicas(replicas));
    }

    /// Its Pods go with it, in the background.
    void delete() {
        api.delete(path());
    }

    @Override
    public void close() {
        delete();
    }

    JsonNode object() {
        return api.get(path());
    }

    String path() {
        return kind.path(namespace) + "/" + NAME;
    }

    int status(String field) {
        return object().at("/status/" + field).asInt();
    }

    String revision(String field) {
        return object().at("/status/" + field).asText();
    }

    /// Whether the controller has seen the last change of the spec.
    boolean isObserved() {
        JsonNode object = object();
        return object.at("/status/observedGeneration").asLong()
                >= object.at("/metadata/generation").asLong();
    }

    void awaitObserved() {
        await("observedGeneration", this::isObserved, observed -> observed);
    }

    /// By ordinal, those that terminate, too.
    List<Pod> pods() {
        return items(api.get(podsPath()).path("items")).stream()
                .map(Pod::new)
                .sorted(Comparator.comparingInt(Pod::ordinal))
                .toList();
    }

    List<Integer> ordinals() {
        return pods().stream().map(Pod::ordinal).toList();
    }

    Pod pod(int ordinal) {
        return new Pod(api.get(podPath(ordinal)));
    }

    Map<String, String> podUids() {
        Map<String, String> uids = new TreeMap<>();
        pods().forEach(pod -> uids.put(pod.name(), pod.uid()));
        return uids;
    }

    PodHistory history() {
        return PodHistory.open(api, podsPath());
    }

    /// At once, without grace.
    void deletePod(int ordinal) {
        api.delete(podPath(ordinal) + "?gracePeriodSeconds=0");
    }

    /// As its kubelet would, so that a finalizer shows a Pod that has ended.
    void deletePodGracefully(int ordinal) {
        api.delete(podPath(ordinal));
    }

    void patchPod(int ordinal, String patch) {
        api.merge(podPath(ordinal), patch);
    }

    void failProbe(int ordinal) {
        probe(ordinal, "failing");
    }

    void passProbe(int ordinal) {
        probe(ordinal, "passing");
    }

    private void probe(int ordinal, String result) {
        patchPod(
                ordinal,
                "{\"metadata\": {\"annotations\": {\"conformance/probe\": \"" + result + "\"}}}");
    }

    /// Its node's kubelet gives a Pod up, as when memory runs out.
    void evict(int ordinal) {
        api.merge(
                podPath(ordinal) + "/status",
                "{\"status\": {\"phase\": \"Failed\", \"reason\": \"Evicted\"}}");
    }

    /// The scheduler finds no node for it, for want of a claim.
    void failScheduling(int ordinal) {
        api.merge(
                podPath(ordinal) + "/status",
                """
                {"status": {"conditions": [{"type": "PodScheduled", "status": "False",
                  "reason": "Unschedulable", "message": "persistentvolumeclaim not found"}]}}""");
    }

    /// What the scheduler would do.
    void bind(int ordinal) {
        api.create(
                podPath(ordinal) + "/binding",
                KubeApi.parse(
                        """
                        {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": "%s-%d"},
                         "target": {"apiVersion": "v1", "kind": "Node", "name": "%s"}}"""
                                .formatted(NAME, ordinal, ConformanceCluster.NODE)));
    }

    /// The claims that are not being deleted, by name.
    Map<String, JsonNode> claims() {
        Map<String, JsonNode> claims = new TreeMap<>();
        for (JsonNode claim : items(api.get(claimsPath()).path("items"))) {
            if (!claim.path("metadata").has("deletionTimestamp")) {
                claims.put(claim.at("/metadata/name").asText(), claim);
            }
        }
        return claims;
    }

    Map<String, String> claimUids() {
        Map<String, String> uids = new TreeMap<>();
        claims().forEach((name, claim) -> uids.put(name, claim.at("/metadata/uid").asText()));
        return uids;
    }

    /// Of a claim whose ordinal is out of service; else empty.
    String claimMark(int ordinal) {
        return api.get(claimsPath() + "/data-ss-" + ordinal)
                .at("/metadata/annotations")
                .path("middleware.paas.io/decommissioned")
                .asText();
    }

    /// Empty when there is no such condition.
    String conditionReason(String type) {
        return items(object().at("/status/conditions")).stream()
                .filter(condition -> condition.path("type").asText().equals(type))
                .map(condition -> condition.path("reason").asText())
                .findFirst()
                .orElse("");
    }

    boolean isTerminatingClaim(int ordinal) {
        return api.get(claimsPath() + "/data-ss-" + ordinal)
                .path("metadata")
                .has("deletionTimestamp");
    }

    /// Waits until exactly the claims of these ordinals are there.
    void awaitClaims(int... ordinals) {
        List<String> names = Arrays.stream(ordinals).mapToObj(o -> "data-ss-" + o).toList();
        await("claims " + names, () -> List.copyOf(claims().keySet()), names::equals);
    }

    void patchClaim(int ordinal, String patch) {
        api.merge(claimsPath() + "/data-ss-" + ordinal, patch);
    }

    void deleteClaim(int ordinal) {
        api.delete(claimsPath() + "/data-ss-" + ordinal);
    }

    /// Names of the set's ControllerRevisions.
    List<String> revisions() {
        String path = "/apis/apps/v1/namespaces/" + namespace + "/controllerrevisions";
        return items(api.get(path).path("items")).stream()
                .map(revision -> revision.at("/metadata/name").asText())
                .toList();
    }

    /// Waits until the first so many ordinals, and no others, are ready and the status says so.
    void awaitReady(int replicas) {
        awaitReadyOrdinals(IntStream.range(0, replicas).toArray());
    }

    void awaitReadyOrdinals(int... ordinals) {
        List<Integer> wanted = Arrays.stream(ordinals).boxed().toList();
        await(
                "ready Pods " + wanted,
                this::pods,
                pods ->
                        pods.stream().map(Pod::ordinal).toList().equals(wanted)
                                && pods.stream().allMatch(Pod::isReady));
        awaitStatus("replicas", wanted.size());
        awaitStatus("readyReplicas", wanted.size());
        awaitObserved();
    }

    void awaitStatus(String field, int value) {
        await("status." + field + " " + value, () -> status(field), seen -> seen == value);
    }

    /// Waits until these ordinals, and no others, have Pods.
    void awaitPods(Integer... ordinals) {
        await("Pods " + List.of(ordinals), this::ordinals, List.of(ordinals)::equals);
    }

    <T> T await(String what, Supplier<T> look, Predicate<? super T> holds) {
        return patience.await(what, look, holds);
    }

    <T> void stays(String what, Supplier<T> look, Predicate<? super T> holds) {
        patience.stays(what, look, holds);
    }

    /// For people who look at a failed case, the controllers' own complaints included.
    String describe() {
        return String.join(
                "\n",
                object().path("spec").toString(),
                object().path("status").toString(),
                pods().toString(),
                lines(claimsPath(), "/metadata/name", "/metadata/deletionTimestamp"),
                lines(
                        "/api/v1/namespaces/" + namespace + "/events",
                        "/lastTimestamp",
                        "/count",
                        "/reason",
                        "/message"));
    }

    private String lines(String path, String... fields) {
        return items(api.get(path).path("items")).stream()
                .map(
                        item ->
                                Arrays.stream(fields)
                                        .map(field -> item.at(field).asText())
                                        .collect(Collectors.joining(" ")))
                .collect(Collectors.joining("\n"));
    }

    private String podsPath() {
        return "/api/v1/namespaces/" + namespace + "/pods";
    }

    private String podPath(int ordinal) {
        return podsPath() + "/" + NAME + "-" + ordinal;
    }

    private String claimsPath() {
        return "/api/v1/namespaces/" + namespace + "/persistentvolumeclaims";
    }

    static List<JsonNode> items(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).toList();
    }

    private ObjectNode merged(ObjectNode object, Change... changes) {
        for (Change change : changes) {
            merge(object, change.of(kind));
        }
        return object;
    }

    /// Nulls stay: an update needs them, and a created object may have them.
    private static void merge(ObjectNode into, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> member : patch.properties()) {
            if (member.getValue() instanceof ObjectNode inner
                    && into.get(member.getKey()) instanceof ObjectNode present) {
                merge(present, inner);
            } else {
                into.set(member.getKey(), member.getValue());
            }
        }
    }
}
