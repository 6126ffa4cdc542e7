package io.paas.plan.expodset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.paas.api.meta.Labels;
import io.paas.api.meta.Names;
import io.paas.api.v1.ExPodSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Makes the Pods and claims of a set from their templates.
public final class PodRenderer {

    private static final String PROCESS_STATE = "MIDDLEWARE_PROCESS_STATE";
    private static final Set<String> MANAGED_CONTAINERS =
            Set.of(Names.MAIN_CONTAINER, Names.AGENT_CONTAINER);

    private PodRenderer() {}

    /// The Pod of an ordinal: the template plus its identity.
    public static ObjectNode pod(ExPodSet set, int ordinal, Revision revision) {
        String name = set.metadata().getName() + "-" + ordinal;
        ObjectNode pod = revision.template().deepCopy();
        pod.put("apiVersion", "v1");
        pod.put("kind", "Pod");
        ObjectNode metadata = identity(set, name, pod);
        ObjectNode labels = metadata.withObjectProperty("labels");
        labels.put(Labels.ORDINAL, Integer.toString(ordinal));
        labels.put(Labels.POD_INDEX, Integer.toString(ordinal));
        labels.put(Labels.REVISION, revision.name());
        ObjectNode spec = pod.withObjectProperty("spec");
        spec.put("hostname", name);
        spec.put("subdomain", set.spec().serviceName());
        mountClaims(set, name, spec);
        PodSpread.prefer(set, spec);
        if (set.spec().hooks() != null && set.spec().hooks().postScaleOut() != null) {
            spec.withArrayProperty("readinessGates")
                    .addObject()
                    .put("conditionType", Names.JOINED_GATE);
        }
        String state = Settings.of(set.spec()).stopped() ? "Stopped" : "Running";
        tellProcessState(spec.path("containers"), state);
        tellProcessState(spec.path("initContainers"), state);
        return pod;
    }

    /// The claim of a Pod by one of the claim templates; has no owner, so that it outlives the set.
    public static ObjectNode claim(ExPodSet set, int ordinal, String template) {
        JsonNode found =
                set.spec().volumeClaimTemplates().stream()
                        .filter(t -> t.path("metadata").path("name").asText().equals(template))
                        .findFirst()
                        .orElseThrow();
        ObjectNode claim = found.deepCopy();
        claim.put("apiVersion", "v1");
        claim.put("kind", "PersistentVolumeClaim");
        ObjectNode metadata = claim.withObjectProperty("metadata");
        metadata.put("name", claimName(template, set.metadata().getName() + "-" + ordinal));
        metadata.put("namespace", set.metadata().getNamespace());
        ObjectNode labels = metadata.withObjectProperty("labels");
        set.spec().selector().matchLabels().forEach(labels::put);
        labels.put(Labels.EXPODSET, set.metadata().getName());
        labels.put(Labels.ORDINAL, Integer.toString(ordinal));
        claim.remove("status");
        return claim;
    }

    public static String claimName(String template, String podName) {
        return template + "-" + podName;
    }

    /// The template's labels that a running Pod lacks. The role is the Pod's own.
    static Map<String, String> labelsToSet(JsonNode template, ObservedPod pod) {
        Map<String, String> missing =
                missing(template.path("metadata").path("labels"), pod.labels());
        missing.keySet()
                .removeAll(Set.of(Labels.ROLE, Labels.ORDINAL, Labels.POD_INDEX, Labels.REVISION));
        return missing;
    }

    static Map<String, String> annotationsToSet(JsonNode template, ObservedPod pod) {
        return missing(template.path("metadata").path("annotations"), pod.annotations());
    }

    private static Map<String, String> missing(JsonNode wanted, Map<String, String> present) {
        Map<String, String> missing = new TreeMap<>();
        for (var entry : wanted.properties()) {
            String value = entry.getValue().asText();
            if (!value.equals(present.get(entry.getKey()))) {
                missing.put(entry.getKey(), value);
            }
        }
        return missing;
    }

    private static ObjectNode identity(ExPodSet set, String name, ObjectNode pod) {
        ObjectNode metadata = pod.withObjectProperty("metadata");
        metadata.put("name", name);
        metadata.put("namespace", set.metadata().getNamespace());
        ArrayNode owners = metadata.putArray("ownerReferences");
        owners.add(ownerReference(set));
        return metadata;
    }

    /// What makes an object the set's own.
    public static ObjectNode ownerReference(ExPodSet set) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", set.apiVersion())
                .put("kind", set.kind())
                .put("name", set.metadata().getName())
                .put("uid", set.metadata().getUid())
                .put("controller", true)
                .put("blockOwnerDeletion", true);
    }

    private static void mountClaims(ExPodSet set, String podName, ObjectNode spec) {
        ArrayNode volumes = JsonNodeFactory.instance.arrayNode();
        for (JsonNode template : set.spec().volumeClaimTemplates()) {
            String claim = template.path("metadata").path("name").asText();
            volumes.addObject()
                    .put("name", claim)
                    .putObject("persistentVolumeClaim")
                    .put("claimName", claimName(claim, podName));
        }
        // As StatefulSet: a claim template wins over a volume of the same name.
        for (JsonNode volume : spec.path("volumes")) {
            if (set.spec().volumeClaimTemplates().stream()
                    .noneMatch(t -> t.path("metadata").path("name").equals(volume.path("name")))) {
                volumes.add(volume);
            }
        }
        if (!volumes.isEmpty()) {
            spec.set("volumes", volumes);
        }
    }

    /// Durable stop: new Pods obey it. Not in the template, so that it changes no revision.
    private static void tellProcessState(JsonNode containers, String state) {
        for (JsonNode container : containers) {
            if (container instanceof ObjectNode object
                    && MANAGED_CONTAINERS.contains(object.path("name").asText())) {
                ArrayNode env = JsonNodeFactory.instance.arrayNode();
                for (JsonNode variable : object.path("env")) {
                    if (!variable.path("name").asText().equals(PROCESS_STATE)) {
                        env.add(variable);
                    }
                }
                env.addObject().put("name", PROCESS_STATE).put("value", state);
                object.set("env", env);
            }
        }
    }
}
