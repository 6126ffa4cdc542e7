package io.paas.apiserver.discovery;

import static io.paas.apiserver.kinds.GroupVersionKind.API_VERSION;
import static io.paas.apiserver.kinds.GroupVersionKind.GROUP;
import static io.paas.apiserver.kinds.GroupVersionKind.VERSION;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.paas.apiserver.kinds.GroupVersionKind;
import io.paas.apiserver.request.Trees;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Writes the discovery documents of a table of routes. Empty lists are written as `[]`: a null
/// breaks clients.
public final class DiscoveryDocuments {

    private DiscoveryDocuments() {}

    /// `APIGroupDiscoveryList`: what kube-apiserver's aggregator asks for.
    public static ObjectNode groups(List<Route> routes) {
        ObjectNode list = Trees.object();
        list.put("kind", "APIGroupDiscoveryList").put("apiVersion", "apidiscovery.k8s.io/v2");
        list.putObject("metadata");
        ObjectNode group = list.putArray("items").addObject();
        group.putObject("metadata").put("name", GROUP).putNull("creationTimestamp");
        ObjectNode version = group.putArray("versions").addObject();
        version.put("version", VERSION).put("freshness", "Current");
        ArrayNode resources = version.putArray("resources");
        byParent(routes).forEach((parent, ofParent) -> resources.add(resource(parent, ofParent)));
        return list;
    }

    private static ObjectNode resource(Parent parent, List<Route> routes) {
        ObjectNode resource = Trees.object();
        resource.put("resource", parent.plural());
        resource.set("responseKind", GroupVersionKind.ours(parent.kind()).toJson());
        resource.put("scope", "Namespaced").put("singularResource", parent.singular());
        resource.putArray("verbs");
        ArrayNode subresources = resource.putArray("subresources");
        for (Route route : routes) {
            ObjectNode subresource =
                    subresources.addObject().put("subresource", route.subresource());
            subresource.set("responseKind", route.answer().toJson());
            route.accepted()
                    .ifPresent(kind -> subresource.putArray("acceptedTypes").add(kind.toJson()));
            subresource.putArray("verbs").add(route.method().verb());
        }
        return resource;
    }

    /// `APIGroupList`, for clients that do not know the aggregated form.
    public static ObjectNode legacyGroups() {
        ObjectNode list = Trees.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        list.putArray("groups").add(groupBody());
        return list;
    }

    /// `APIGroup`.
    public static ObjectNode legacyGroup() {
        ObjectNode group = Trees.object().put("kind", "APIGroup").put("apiVersion", "v1");
        group.setAll(groupBody());
        return group;
    }

    private static ObjectNode groupBody() {
        ObjectNode group = Trees.object().put("name", GROUP);
        group.putArray("versions").add(groupVersion());
        group.set("preferredVersion", groupVersion());
        return group;
    }

    private static ObjectNode groupVersion() {
        return Trees.object().put("groupVersion", API_VERSION).put("version", VERSION);
    }

    /// `APIResourceList`.
    public static ObjectNode legacyResources(List<Route> routes) {
        ObjectNode list = Trees.object().put("kind", "APIResourceList").put("apiVersion", "v1");
        list.put("groupVersion", API_VERSION);
        ArrayNode resources = list.putArray("resources");
        byParent(routes)
                .forEach(
                        (parent, ofParent) -> {
                            resources
                                    .addObject()
                                    .put("name", parent.plural())
                                    .put("singularName", parent.singular())
                                    .put("namespaced", true)
                                    .put("kind", parent.kind())
                                    .putArray("verbs");
                            ofParent.forEach(route -> resources.add(legacyResource(route)));
                        });
        return list;
    }

    private static ObjectNode legacyResource(Route route) {
        ObjectNode resource =
                Trees.object()
                        .put("name", route.parent().plural() + "/" + route.subresource())
                        .put("singularName", "")
                        .put("namespaced", true)
                        .put("group", route.answer().group())
                        .put("version", route.answer().version())
                        .put("kind", route.answer().kind());
        resource.putArray("verbs").add(route.method().verb());
        return resource;
    }

    private static Map<Parent, List<Route>> byParent(List<Route> routes) {
        Map<Parent, List<Route>> table = new EnumMap<>(Parent.class);
        for (Parent parent : Parent.values()) {
            List<Route> ofParent =
                    routes.stream()
                            .filter(route -> route.parent() == parent)
                            .sorted(Comparator.comparing(Route::subresource))
                            .toList();
            if (!ofParent.isEmpty()) {
                table.put(parent, ofParent);
            }
        }
        return table;
    }
}
