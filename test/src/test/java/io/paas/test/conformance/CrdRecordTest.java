package io.paas.test.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.Extension;
import io.paas.api.v1.ExtensionCatalog;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.Operation;
import java.io.IOException;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The CRD is the contract and the record follows it: every property has its component and every
/// component its property, with the same type, values and optionality; and every property says what
/// it is, because that is what `kubectl explain` shows.
class CrdRecordTest {

    static final Path CRDS = Path.of("..", "apiservice-manifests", "crds");
    private static final YAMLMapper YAML = new YAMLMapper();

    static List<Arguments> kinds() {
        return List.of(
                Arguments.of("middlewareclusters", MiddlewareCluster.class),
                Arguments.of("expodsets", ExPodSet.class),
                Arguments.of("operations", Operation.class),
                Arguments.of("extensions", Extension.class),
                Arguments.of("extensioncatalogs", ExtensionCatalog.class));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void recordFollowsTheCrd(String plural, Class<?> type) throws IOException {
        List<String> differences = new ArrayList<>();
        compareRecord(plural, schema(plural), type, differences);
        assertThat(differences).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyFieldIsDescribed(String plural, Class<?> type) throws IOException {
        List<String> silent = new ArrayList<>();
        describe(plural, schema(plural), silent);
        assertThat(silent).isEmpty();
        assertThat(schema(plural).path("properties").size())
                .isEqualTo(type.getRecordComponents().length);
    }

    @Test
    void noCrdIsLeftOut() {
        assertThat(CRDS.toFile().list((_, name) -> name.endsWith(".yaml"))).hasSize(kinds().size());
    }

    /// The comparison does notice: a record of another kind differs everywhere.
    @Test
    void noticesDifferences() throws IOException {
        List<String> differences = new ArrayList<>();
        compareRecord("operations", schema("operations"), ExPodSet.class, differences);
        assertThat(differences).hasSizeGreaterThan(5);
    }

    private static JsonNode schema(String plural) throws IOException {
        JsonNode crd = YAML.readTree(CRDS.resolve(plural + ".yaml").toFile());
        return crd.at("/spec/versions/0/schema/openAPIV3Schema");
    }

    private static void compareRecord(
            String path, JsonNode schema, Class<?> type, List<String> differences) {
        Map<String, RecordComponent> components =
                Arrays.stream(type.getRecordComponents())
                        .collect(Collectors.toMap(CrdRecordTest::name, component -> component));
        Set<String> names = new TreeSet<>(components.keySet());
        schema.path("properties").fieldNames().forEachRemaining(names::add);
        Set<String> required = new TreeSet<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        for (String name : names) {
            JsonNode property = schema.path("properties").path(name);
            RecordComponent component = components.get(name);
            String here = path + "." + name;
            if (component == null) {
                differences.add(here + ": only in the CRD");
            } else if (property.isMissingNode()) {
                differences.add(here + ": only in the record");
            } else {
                compare(here, property, component.getAnnotatedType(), differences);
                optional(here, required.contains(name), component, differences);
            }
        }
    }

    /// The three of every object are not optional for us, whatever the schema says.
    private static void optional(
            String path, boolean required, RecordComponent component, List<String> differences) {
        boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        boolean container =
                List.class.equals(component.getType()) || Map.class.equals(component.getType());
        boolean always = Set.of("apiVersion", "kind", "metadata").contains(component.getName());
        if (required && nullable) {
            differences.add(path + ": required in the CRD, nullable in the record");
        }
        if (!required && !nullable && !container && !always) {
            differences.add(path + ": optional in the CRD, not nullable in the record");
        }
    }

    private static void compare(
            String path, JsonNode schema, AnnotatedType annotated, List<String> differences) {
        Type type = annotated.getType();
        Class<?> raw =
                type instanceof ParameterizedType p ? (Class<?>) p.getRawType() : (Class<?>) type;
        if (!fits(schema, raw)) {
            differences.add(path + ": " + raw.getSimpleName() + " is not " + schema.path("type"));
        } else if (raw.isRecord()) {
            compareRecord(path, schema, raw, differences);
        } else if (raw.isEnum()) {
            compareValues(path, schema, raw, differences);
        } else if (List.class.equals(raw)) {
            compare(path + "[]", schema.path("items"), argument(annotated, 0), differences);
        } else if (Map.class.equals(raw)) {
            compare(
                    path + "{}",
                    schema.path("additionalProperties"),
                    argument(annotated, 1),
                    differences);
        }
    }

    private static boolean fits(JsonNode schema, Class<?> raw) {
        if (raw.equals(JsonNode.class)) {
            return schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()
                    || schema.path("x-kubernetes-int-or-string").asBoolean();
        }
        return switch (schema.path("type").asText()) {
            case "string" ->
                    schema.path("format").asText().equals("date-time")
                            ? raw.equals(OffsetDateTime.class)
                            : raw.equals(String.class) || raw.isEnum();
            case "integer" ->
                    schema.path("format").asText().equals("int64")
                            ? raw.equals(Long.class) || raw.equals(long.class)
                            : raw.equals(Integer.class) || raw.equals(int.class);
            case "boolean" -> raw.equals(Boolean.class) || raw.equals(boolean.class);
            case "array" -> raw.equals(List.class);
            case "object" ->
                    schema.has("additionalProperties")
                            ? raw.equals(Map.class)
                            : raw.isRecord() || raw.equals(V1ObjectMeta.class);
            default -> false;
        };
    }

    private static void compareValues(
            String path, JsonNode schema, Class<?> type, List<String> differences) {
        Set<String> inCrd = new TreeSet<>();
        schema.path("enum").forEach(value -> inCrd.add(value.asText()));
        Set<String> inRecord = new TreeSet<>();
        for (Object constant : type.getEnumConstants()) {
            try {
                String declared = ((Enum<?>) constant).name();
                JsonProperty name = type.getField(declared).getAnnotation(JsonProperty.class);
                inRecord.add(name == null ? declared : name.value());
            } catch (NoSuchFieldException e) {
                throw new AssertionError(e);
            }
        }
        if (!inCrd.equals(inRecord)) {
            differences.add(path + ": CRD has " + inCrd + ", record has " + inRecord);
        }
    }

    private static AnnotatedType argument(AnnotatedType type, int index) {
        return ((AnnotatedParameterizedType) type).getAnnotatedActualTypeArguments()[index];
    }

    private static String name(RecordComponent component) {
        try {
            JsonProperty name =
                    component
                            .getDeclaringRecord()
                            .getDeclaredField(component.getName())
                            .getAnnotation(JsonProperty.class);
            return name == null || name.value().isEmpty() ? component.getName() : name.value();
        } catch (NoSuchFieldException e) {
            throw new AssertionError(e);
        }
    }

    private static void describe(String path, JsonNode schema, List<String> silent) {
        schema.path("properties")
                .properties()
                .forEach(
                        property -> {
                            String here = path + "." + property.getKey();
                            // kubectl explains metadata by itself; a CRD may not describe it.
                            if (!here.endsWith(".metadata")
                                    && property.getValue().path("description").asText().isBlank()) {
                                silent.add(here);
                            }
                            describe(here, property.getValue(), silent);
                        });
        if (schema.has("items")) {
            describe(path + "[]", schema.path("items"), silent);
        }
        if (schema.path("additionalProperties").isObject()) {
            describe(path + "{}", schema.path("additionalProperties"), silent);
        }
    }
}
