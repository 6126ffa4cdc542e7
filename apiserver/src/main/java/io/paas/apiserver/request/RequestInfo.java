package io.paas.apiserver.request;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What a request's path and method say, in RBAC's words. Follows `RequestInfoFactory` of
/// k8s.io/apiserver: only the first segment after the name is the subresource.
///
/// @param verb RBAC verb; for a non-resource path the method in lower case
/// @param rest segments behind the subresource; no route of ours has any
public record RequestInfo(
        boolean isResource,
        String path,
        String verb,
        String group,
        String version,
        String namespace,
        String resource,
        String name,
        String subresource,
        List<String> rest) {

    public static RequestInfo of(String method, String path) {
        List<String> parts =
                Arrays.stream(path.split("/", -1))
                        .filter(part -> !part.isEmpty())
                        .map(RequestInfo::decoded)
                        .toList();
        if (parts.size() < 4 || !parts.get(0).equals("apis")) {
            return nonResource(method, path);
        }
        String group = parts.get(1);
        String version = parts.get(2);
        List<String> tail = parts.subList(3, parts.size());
        String namespace = "";
        if (tail.get(0).equals("namespaces") && tail.size() > 2) {
            namespace = tail.get(1);
            tail = tail.subList(2, tail.size());
        }
        String name = tail.size() > 1 ? tail.get(1) : "";
        return new RequestInfo(
                true,
                path,
                verb(method, name),
                group,
                version,
                namespace,
                tail.get(0),
                name,
                tail.size() > 2 ? tail.get(2) : "",
                tail.size() > 3 ? List.copyOf(tail.subList(3, tail.size())) : List.of());
    }

    private static RequestInfo nonResource(String method, String path) {
        return new RequestInfo(
                false, path, method.toLowerCase(Locale.ROOT), "", "", "", "", "", "", List.of());
    }

    private static String verb(String method, String name) {
        return switch (method) {
            case "POST" -> "create";
            case "GET", "HEAD" -> name.isEmpty() ? "list" : "get";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> name.isEmpty() ? "deletecollection" : "delete";
            default -> "";
        };
    }

    private static String decoded(String segment) {
        try {
            // '+' is itself in a path; URLDecoder speaks of forms.
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Failure.badRequest("the path has a malformed escape: " + segment);
        }
    }
}
