package io.paas.apiserver.registry;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.paas.apiserver.kinds.GroupVersionKind;
import io.paas.apiserver.request.ApiRequest;
import io.paas.apiserver.request.ApiResponse;
import io.paas.apiserver.request.Failure;
import io.paas.apiserver.request.MediaType;
import io.paas.apiserver.request.Trees;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A request's body, read: JSON or YAML, absent meaning all defaults.
///
/// @param warnings for the `Warning` header: what the body says and nobody understands, and what
///   will surprise its sender
record Body<T extends Record>(T value, List<String> warnings) {

    private static final Set<String> ENVELOPE = Set.of("apiVersion", "kind", "metadata");

    /// Characters of all warnings together, and of one, as in k8s.io/apiserver's
    /// filters/warning.go.
    private static final int MAX_WARNINGS = 4096;

    private static final int MAX_WARNING = 256;

    /// Strict where Kubernetes is: `"3"` is no number, 1.5 is no integer, a key stands once, and no
    /// list has a null in it.
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
                    .build();

    private static final YAMLMapper YAML =
            YAMLMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();

    /// Reads the body of a request.
    ///
    /// @throws Failure 400 for what cannot be read and for unknown fields under
    ///   `fieldValidation=Strict`, 415 for an unknown media type
    static <T extends Record> Body<T> read(ApiRequest request, Class<T> kind) {
        JsonNode tree = tree(request);
        if (!tree.isObject()) {
            throw Failure.badRequest("the body must be an object of kind " + kind.getSimpleName());
        }
        checkEnvelope(tree, kind);
        ObjectNode fields = ((ObjectNode) tree.deepCopy()).remove(ENVELOPE);
        List<String> unknown = new ArrayList<>();
        collectUnknown(fields, kind, "", unknown);
        List<String> messages = unknown.stream().map(f -> "unknown field \"" + f + "\"").toList();
        String validation = request.parameter("fieldValidation").orElse("Warn");
        if (!Set.of("Ignore", "Warn", "Strict", "").contains(validation)) {
            throw Failure.badRequest(
                    "fieldValidation must be Ignore, Warn or Strict, not '" + validation + "'");
        }
        if (validation.equals("Strict") && !messages.isEmpty()) {
            throw Failure.badRequest("strict decoding error: " + String.join(", ", messages));
        }
        return new Body<>(
                convert(fields, kind), validation.equals("Ignore") ? List.of() : messages);
    }

    /// The same body with more to warn of.
    Body<T> alsoWarning(List<String> more) {
        return new Body<>(value, Stream.concat(warnings.stream(), more.stream()).toList());
    }

    /// The response with a `Warning` header line for each warning (RFC 7234 §5.5, code 299), as
    /// many as fit.
    ApiResponse warn(ApiResponse response) {
        List<String> lines = new ArrayList<>();
        int total = 0;
        for (String warning : warnings) {
            String text = printable(warning);
            total += text.length();
            if (total > MAX_WARNINGS) {
                break;
            }
            lines.add("299 - \"" + text.replaceAll("[\\\\\"]", "\\\\$0") + "\"");
        }
        return lines.isEmpty() ? response : response.with("Warning", lines);
    }

    /// A caller's own field names come back in warnings; a header may not hold control characters.
    private static String printable(String text) {
        String plain = text.replaceAll("\\p{Cc}", "?");
        return plain.length() <= MAX_WARNING ? plain : plain.substring(0, MAX_WARNING - 3) + "...";
    }

    private static JsonNode tree(ApiRequest request) {
        byte[] body = request.body().get();
        boolean isYaml = isYaml(request, body);
        if (body.length == 0) {
            return Trees.object();
        }
        try {
            JsonNode tree = (isYaml ? YAML : MAPPER).readTree(body);
            return tree.isNull() || tree.isMissingNode() ? Trees.object() : tree;
        } catch (IOException e) {
            throw Failure.badRequest("the body cannot be read: " + firstLine(e));
        }
    }

    /// `kubectl create --raw` sends a file as it is and no Content-Type.
    private static boolean isYaml(ApiRequest request, byte[] body) {
        Optional<String> header = request.headers().first("content-type");
        if (header.isEmpty()) {
            int i = 0;
            while (i < body.length && Character.isWhitespace(body[i])) {
                i++;
            }
            return i < body.length && body[i] != '{';
        }
        return switch (MediaType.of(header.get()).type()) {
            case "application/json" -> false;
            case "application/yaml", "application/x-yaml", "text/yaml" -> true;
            default ->
                    throw Failure.of(
                            415,
                            "UnsupportedMediaType",
                            "the body of the request was in an unknown format - accepted media types"
                                    + " include: application/json, application/yaml");
        };
    }

    private static void checkEnvelope(JsonNode tree, Class<?> kind) {
        String given = tree.path("kind").asText(kind.getSimpleName());
        String version = tree.path("apiVersion").asText(GroupVersionKind.API_VERSION);
        if (!given.equals(kind.getSimpleName()) || !version.equals(GroupVersionKind.API_VERSION)) {
            throw Failure.badRequest(
                    "the body is %s of %s; wanted is %s of %s"
                            .formatted(
                                    given,
                                    version,
                                    kind.getSimpleName(),
                                    GroupVersionKind.API_VERSION));
        }
    }

    private static void collectUnknown(
            JsonNode tree, Class<?> type, String prefix, List<String> unknown) {
        tree.properties()
                .forEach(
                        field -> {
                            Optional<RecordComponent> known =
                                    Arrays.stream(type.getRecordComponents())
                                            .filter(c -> c.getName().equals(field.getKey()))
                                            .findFirst();
                            String path = prefix + field.getKey();
                            if (known.isEmpty()) {
                                unknown.add(path);
                            } else if (known.get().getType().isRecord()
                                    && !(known.get().getGenericType()
                                            instanceof ParameterizedType)) {
                                collectUnknown(
                                        field.getValue(),
                                        known.get().getType(),
                                        path + ".",
                                        unknown);
                            }
                        });
    }

    private static <T> T convert(ObjectNode fields, Class<T> kind) {
        try {
            return MAPPER.treeToValue(fields, kind);
        } catch (JsonMappingException e) {
            String path =
                    e.getPath().stream()
                            .map(
                                    step ->
                                            step.getFieldName() == null
                                                    ? "[" + step.getIndex() + "]"
                                                    : step.getFieldName())
                            .collect(Collectors.joining("."));
            throw Failure.badRequest(path.replace(".[", "[") + ": " + firstLine(e));
        } catch (JsonProcessingException e) {
            throw Failure.badRequest("the body cannot be read: " + firstLine(e));
        }
    }

    private static String firstLine(IOException e) {
        String text =
                e instanceof JsonProcessingException json
                        ? json.getOriginalMessage()
                        : String.valueOf(e.getMessage());
        return text.lines().findFirst().orElse("malformed");
    }
}
