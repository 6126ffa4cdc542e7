package io.paas.apiserver.discovery;

import static io.paas.apiserver.kinds.GroupVersionKind.API_VERSION;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.paas.apiserver.kinds.GroupVersionKind;
import io.paas.apiserver.request.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Writes the OpenAPI v3 document of a table of routes. Equal tables give equal bytes in every
/// replica: two replicas with different hashes would invalidate each other's cache entries.
public final class OpenApiDocument {

    private static final String JSON = "application/json";

    private OpenApiDocument() {}

    public static ObjectNode of(List<Route> routes, String version) {
        ObjectNode document = Trees.object().put("openapi", "3.0.0");
        document.putObject("info")
                .put("title", "Middleware Platform: " + API_VERSION)
                .put("version", version);
        ObjectNode paths = document.putObject("paths");
        paths.set("/apis/" + API_VERSION + "/", resourceList());
        Map<String, List<Route>> byPath = new TreeMap<>();
        routes.forEach(
                route -> byPath.computeIfAbsent(route.path(), _ -> new ArrayList<>()).add(route));
        byPath.forEach((path, ofPath) -> paths.set(path, pathItem(ofPath)));
        document.putObject("components").set("schemas", schemas(routes));
        return document;
    }

    /// The list of documents: only our own group and version. A further key would make
    /// kube-apiserver serve it in place of its own at random (kubernetes/kubernetes#140152).
    public static ObjectNode index(String hash) {
        ObjectNode index = Trees.object();
        index.putObject("paths")
                .putObject("apis/" + API_VERSION)
                .put("serverRelativeURL", "/openapi/v3/apis/" + API_VERSION + "?hash=" + hash);
        return index;
    }

    private static ObjectNode resourceList() {
        ObjectNode item = Trees.object();
        ObjectNode get = item.putObject("get");
        get.put("description", "get available resources").put("operationId", "getAPIResources");
        get.putObject("responses")
                .putObject("200")
                .put("description", "OK")
                .putObject("content")
                .putObject(JSON)
                .putObject("schema")
                .put("type", "object");
        return item;
    }

    private static ObjectNode pathItem(List<Route> routes) {
        ObjectNode item = Trees.object();
        for (Route route : routes) {
            item.set(route.method().name().toLowerCase(Locale.ROOT), operation(route));
        }
        ArrayNode parameters = item.putArray("parameters");
        parameters.add(
                parameter("path", "name", "name of the " + routes.getFirst().parent().kind()));
        parameters.add(parameter("path", "namespace", "object name and auth scope"));
        parameters.add(parameter("query", "pretty", "If 'true', then the output is indented."));
        return item;
    }

    private static ObjectNode operation(Route route) {
        String action = route.method().name().toLowerCase(Locale.ROOT);
        ObjectNode operation = Trees.object();
        operation.putArray("tags").add("middlewarePaasIo_v1");
        operation.put("description", route.summary());
        operation.put(
                "operationId",
                action + "Namespaced" + route.parent().kind() + capital(route.subresource()));
        route.accepted().ifPresent(kind -> describeWrite(operation, kind));
        ObjectNode responses = operation.putObject("responses");
        responses.set("200", answer(route, "OK"));
        if (route.method() == Route.Method.POST) {
            responses.set("202", answer(route, "Accepted"));
        }
        operation.put("x-kubernetes-action", action);
        operation.set(
                "x-kubernetes-group-version-kind",
                route.accepted().orElse(route.answer()).toJson());
        return operation;
    }

    private static void describeWrite(ObjectNode operation, GroupVersionKind kind) {
        ArrayNode parameters = operation.putArray("parameters");
        parameters.add(
                parameter(
                        "query",
                        "dryRun",
                        "'All' answers what would be done and does nothing. No other value is valid."));
        parameters.add(
                parameter(
                        "query",
                        "fieldValidation",
                        "What unknown fields of the body lead to: Ignore, Warn (default) or Strict."));
        operation
                .putObject("requestBody")
                .putObject("content")
                .putObject(JSON)
                .putObject("schema")
                .put("$ref", reference(kind));
    }

    private static ObjectNode answer(Route route, String description) {
        ObjectNode response = Trees.object().put("description", description);
        ObjectNode schema = response.putObject("content").putObject(JSON).putObject("schema");
        if (route.schema() == null) {
            schema.put("type", "object").put("x-kubernetes-preserve-unknown-fields", true);
        } else {
            schema.put("$ref", reference(route.answer()));
        }
        return response;
    }

    private static ObjectNode schemas(List<Route> routes) {
        Map<String, ObjectNode> schemas = new TreeMap<>();
        for (Route route : routes) {
            if (route.body() != null) {
                GroupVersionKind kind = GroupVersionKind.ours(route.body().getSimpleName());
                schemas.put(name(kind), schema(kind, route.body()));
            }
            if (route.schema() != null) {
                schemas.put(name(route.answer()), schema(route.answer(), route.schema()));
            }
        }
        ObjectNode all = Trees.object();
        schemas.forEach(all::set);
        return all;
    }

    private static ObjectNode schema(GroupVersionKind kind, Class<?> type) {
        ObjectNode schema = RecordSchema.of(type);
        schema.putArray("x-kubernetes-group-version-kind").add(kind.toJson());
        return schema;
    }

    private static ObjectNode parameter(String in, String name, String description) {
        ObjectNode parameter = Trees.object().put("name", name).put("in", in);
        parameter.put("description", description);
        if (in.equals("path")) {
            parameter.put("required", true);
        }
        parameter.putObject("schema").put("type", "string").put("uniqueItems", true);
        return parameter;
    }

    private static String name(GroupVersionKind kind) {
        return "io.paas.middleware." + kind.version() + "." + kind.kind();
    }

    private static String reference(GroupVersionKind kind) {
        return "#/components/schemas/" + name(kind);
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
