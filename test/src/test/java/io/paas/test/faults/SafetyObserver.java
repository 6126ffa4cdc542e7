package io.paas.test.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Sees every state of one namespace's Pods, claims and revisions, by watches of its own straight
/// from kube-apiserver, and writes down what may never be:
///
/// - two live Pods of one ordinal. A Pod lives from its creation until its node has said that it
///   ended; one that vanished without that may still run somewhere, as after a forced deletion;
/// - more Pods unavailable at once than allowed, of those that have been available and stay;
/// - a claim deleted that nobody asked to delete;
/// - an object created or deleted more often than in the reference run.
///
/// An observer that lost its watch has seen nothing, which is a violation, too.
final class SafetyObserver implements AutoCloseable {

    /// How often each object was created and deleted, by `<resource> <name>`.
    record Counts(Map<String, Integer> created, Map<String, Integer> deleted) {}

    private record Member(String set, String ordinal) {
        @Override
        public String toString() {
            return "ordinal " + ordinal;
        }
    }

    private final List<Closeable> watches = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final Map<String, Set<String>> created = new TreeMap<>();
    private final Map<String, Set<String>> deleted = new TreeMap<>();
    private final Map<Member, Map<String, String>> alive = new HashMap<>();
    private final Map<Member, Boolean> available = new HashMap<>();
    private final Set<String> leaving = new HashSet<>();
    private final Set<String> claimsToGo = new HashSet<>();
    private @Nullable Counts reference;
    private int mayBeUnavailable = 1;
    private boolean closed;

    private SafetyObserver() {}

    static SafetyObserver open(Api api, String namespace) {
        SafetyObserver observer = new SafetyObserver();
        observer.watch(api, Api.PODS.formatted(namespace), "pods");
        observer.watch(api, Api.CLAIMS.formatted(namespace), "persistentvolumeclaims");
        observer.watch(api, Api.REVISIONS.formatted(namespace), "controllerrevisions");
        return observer;
    }

    /// From now on nothing may be created or deleted more often, counted from the opening.
    synchronized void allowNoMoreThan(Counts counts) {
        reference = counts;
    }

    synchronized void allowUnavailable(int count) {
        mayBeUnavailable = count;
    }

    /// These ordinals are asked to go: they may be unavailable.
    synchronized void letGo(String... ordinals) {
        leaving.addAll(List.of(ordinals));
    }

    /// This claim is asked to go.
    synchronized void letClaimGo(String name) {
        claimsToGo.add(name);
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    synchronized Counts counts() {
        return new Counts(sizes(created), sizes(deleted));
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        for (Closeable watch : watches) {
            watch.close();
        }
    }

    private void watch(Api api, String path, String resource) {
        watches.add(api.watch(path, event -> saw(resource, event), () -> ended(resource)));
    }

    private synchronized void ended(String resource) {
        if (!closed) {
            violations.add("blind: the watch of " + resource + " ended");
        }
    }

    private synchronized void saw(String resource, JsonNode event) {
        JsonNode object = event.path("object");
        boolean gone = event.path("type").asText().equals("DELETED");
        count(resource, object, gone);
        switch (resource) {
            case "pods" -> pod(object, gone);
            case "persistentvolumeclaims" -> claim(object, gone);
            default -> {}
        }
    }

    private void count(String resource, JsonNode object, boolean gone) {
        String name = resource + " " + object.at("/metadata/name").asText();
        String uid = object.at("/metadata/uid").asText();
        add(created, name, uid, reference == null ? null : reference.created(), "created");
        if (gone || isTerminating(object)) {
            add(deleted, name, uid, reference == null ? null : reference.deleted(), "deleted");
        }
    }

    private void add(
            Map<String, Set<String>> uids,
            String name,
            String uid,
            @Nullable Map<String, Integer> allowed,
            String what) {
        Set<String> known = uids.computeIfAbsent(name, _ -> new HashSet<>());
        if (known.add(uid) && allowed != null && known.size() > allowed.getOrDefault(name, 0)) {
            violations.add(
                    "%s was %s %d times, in the reference run %d times"
                            .formatted(name, what, known.size(), allowed.getOrDefault(name, 0)));
        }
    }

    private void pod(JsonNode pod, boolean gone) {
        Member member = member(pod);
        String uid = pod.at("/metadata/uid").asText();
        Map<String, String> living = alive.computeIfAbsent(member, _ -> new TreeMap<>());
        if (hasEnded(pod) || (gone && pod.at("/spec/nodeName").isMissingNode())) {
            living.remove(uid);
        } else if (!gone && living.put(uid, pod.at("/metadata/name").asText()) == null) {
            requireAlone(member, living);
        }
        availability(member, !gone && isReady(pod));
    }

    private void requireAlone(Member member, Map<String, String> living) {
        if (living.size() > 1) {
            violations.add(living.size() + " live Pods of " + member + ": " + living);
        }
    }

    private void availability(Member member, boolean now) {
        // Counts from its first time on: a new Pod that is not yet up disrupts nobody.
        boolean known = available.containsKey(member);
        if (!now && !known) {
            return;
        }
        boolean before = known && available.get(member);
        available.put(member, now);
        if (before && !now) {
            requireEnough();
        }
    }

    private void requireEnough() {
        Set<String> missing = new TreeSet<>();
        available.forEach(
                (member, up) -> {
                    if (!up && !leaving.contains(member.ordinal())) {
                        missing.add(member.ordinal());
                    }
                });
        if (missing.size() > mayBeUnavailable) {
            violations.add(
                    "unavailable at once: ordinals %s; allowed: %d"
                            .formatted(missing, mayBeUnavailable));
        }
    }

    private void claim(JsonNode claim, boolean gone) {
        String name = claim.at("/metadata/name").asText();
        if ((gone || isTerminating(claim)) && claimsToGo.add(name)) {
            violations.add("claim " + name + " was deleted, and nobody asked for it");
        }
    }

    private static Member member(JsonNode pod) {
        String name = pod.at("/metadata/name").asText();
        String label = pod.at("/metadata/labels/apps.kubernetes.io~1pod-index").asText();
        String ordinal = label.isEmpty() ? name.substring(name.lastIndexOf('-') + 1) : label;
        return new Member(pod.at("/metadata/ownerReferences/0/uid").asText(), ordinal);
    }

    private static boolean isTerminating(JsonNode object) {
        return object.path("metadata").has("deletionTimestamp");
    }

    private static boolean hasEnded(JsonNode pod) {
        String phase = pod.at("/status/phase").asText();
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    private static boolean isReady(JsonNode pod) {
        return !isTerminating(pod)
                && !hasEnded(pod)
                && pod.at("/status/conditions")
                        .valueStream()
                        .anyMatch(
                                condition ->
                                        condition.path("type").asText().equals("Ready")
                                                && condition
                                                        .path("status")
                                                        .asText()
                                                        .equals("True"));
    }

    private static Map<String, Integer> sizes(Map<String, Set<String>> uids) {
        Map<String, Integer> sizes = new TreeMap<>();
        uids.forEach((name, set) -> sizes.put(name, set.size()));
        return sizes;
    }
}
