package io.paas.test.proxy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/// One mutating request, numbered among those of the same verb to the same object.
///
/// @param verb as RBAC says it: create, update, patch, delete
/// @param resource plural, with the subresource: `pods/status`
/// @param namespace empty for cluster-scoped objects
/// @param name of an Event without its time: all Events about one object count together
/// @param nth from 1, since the proxy's plan was set
public record Write(String verb, String resource, String namespace, String name, int nth) {

    static Write of(Request request, ApiPath path) {
        String resource =
                path.resource() + (path.subresource().isEmpty() ? "" : "/" + path.subresource());
        String name = path.name().isEmpty() ? nameIn(request.body()) : path.name();
        int time = resource.equals("events") ? name.lastIndexOf('.') : -1;
        return new Write(
                verb(request.method(), path),
                resource,
                path.namespace(),
                time < 0 ? name : name.substring(0, time),
                0);
    }

    /// The same request to the same object of another namespace.
    public Write in(String other) {
        return new Write(verb, resource, other, name, nth);
    }

    Write numbered(int number) {
        return new Write(verb, resource, namespace, name, number);
    }

    private static String verb(String method, ApiPath path) {
        return switch (method) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> path.name().isEmpty() ? "deletecollection" : "delete";
            default -> method;
        };
    }

    private static String nameIn(String body) {
        if (body.startsWith("{")
                && JsonParser.parseString(body).getAsJsonObject().get("metadata")
                        instanceof JsonObject metadata) {
            JsonElement name = metadata.get("name");
            return name == null ? "" : name.getAsString();
        }
        return "";
    }

    @Override
    public String toString() {
        return verb + " " + resource + " " + name + " #" + nth;
    }
}
