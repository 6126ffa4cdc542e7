package io.paas.plan.expodset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.paas.api.meta.Names;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Decides which changes of a template recreate Pods.
///
/// A closed list, so that an upgrade of the platform never restarts a Pod: of the platform's own
/// containers (agent, launcher) nothing counts, of the others what they run and with what, of the
/// Pod its volumes and where it may run. Labels and annotations are changed in place.
public final class TemplateHash {

    private static final Set<String> OURS = Set.of(Names.AGENT_CONTAINER, Names.LAUNCHER_CONTAINER);
    private static final List<String> CONTAINER_FIELDS =
            List.of(
                    "name",
                    "image",
                    "command",
                    "args",
                    "env",
                    "envFrom",
                    "volumeMounts",
                    "volumeDevices",
                    "resources");
    // Where it may run counts, too: otherwise reverting an impossible affinity would heal nothing.
    private static final List<String> POD_FIELDS =
            List.of(
                    "volumes",
                    "nodeSelector",
                    "affinity",
                    "tolerations",
                    "topologySpreadConstraints");
    private static final int LENGTH = 10;
    private static final BigInteger ALPHABET = BigInteger.valueOf(36);

    private TemplateHash() {}

    /// Ten characters that may stand in names; equal for templates that need equal Pods.
    public static String of(JsonNode template) {
        BigInteger digest = new BigInteger(1, sha256(sorted(counted(template)).toString()));
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            BigInteger[] parts = digest.divideAndRemainder(ALPHABET);
            name.append(Character.forDigit(parts[1].intValue(), 36));
            digest = parts[0];
        }
        return name.toString();
    }

    /// Whether two templates differ in nothing but what kube-apiserver would fill in. Not by the
    /// hash: it names revisions, and a hash that counts otherwise would restart running Pods.
    static boolean needsSamePods(JsonNode some, JsonNode other) {
        return ApiDefaults.filledIn(counted(some)).equals(ApiDefaults.filledIn(counted(other)));
    }

    /// What counts of a template, as a copy.
    static ObjectNode counted(JsonNode template) {
        JsonNode spec = template.path("spec");
        ObjectNode counted = JsonNodeFactory.instance.objectNode();
        counted.set("containers", containers(spec.path("containers")));
        counted.set("initContainers", containers(spec.path("initContainers")));
        copy(spec, POD_FIELDS, counted);
        return counted;
    }

    private static ArrayNode containers(JsonNode containers) {
        ArrayNode counted = JsonNodeFactory.instance.arrayNode();
        for (JsonNode container : containers) {
            if (!OURS.contains(container.path("name").asText())) {
                ObjectNode fields = counted.addObject();
                copy(container, CONTAINER_FIELDS, fields);
            }
        }
        return counted;
    }

    private static void copy(JsonNode from, List<String> fields, ObjectNode to) {
        for (String field : fields) {
            JsonNode value = from.path(field);
            if (!value.isMissingNode()
                    && !value.isNull()
                    && !(value.isContainerNode() && value.isEmpty())) {
                to.set(field, value.deepCopy());
            }
        }
    }

    /// The same value with all keys in order, so that the server's order does not matter.
    static JsonNode sorted(JsonNode node) {
        if (node instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            names.sort(null);
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            names.forEach(name -> copy.set(name, sorted(object.get(name))));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            array.forEach(element -> copy.add(sorted(element)));
            return copy;
        }
        return node;
    }

    private static byte[] sha256(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(digest, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
