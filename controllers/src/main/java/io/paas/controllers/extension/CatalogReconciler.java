package io.paas.controllers.extension;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.paas.api.extension.ExtensionPackage;
import io.paas.api.extension.ExtensionPackage.Unit;
import io.paas.api.extension.ExtensionPackage.UpgradePath;
import io.paas.api.json.Json;
import io.paas.api.v1.Extension;
import io.paas.api.v1.ExtensionCatalog;
import io.paas.api.v1.ExtensionCatalog.MiddlewareType;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.controller.Reconciler;
import io.paas.kube.controller.Result;
import io.paas.kube.informer.Informer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Keeps the one ExtensionCatalog: all valid Extensions that have a source. Changes that come
/// together make one write.
final class CatalogReconciler implements Reconciler {

    static final ObjectKey KEY = new ObjectKey("", ExtensionCatalog.NAME);

    private final ResourceClient<ExtensionCatalog> client;
    private final Informer<ExtensionCatalog> catalogs;
    private final Informer<Extension> extensions;
    private final Predicate<String> hasSource;
    private final Packages packages;

    CatalogReconciler(
            ResourceClient<ExtensionCatalog> client,
            Informer<ExtensionCatalog> catalogs,
            Informer<Extension> extensions,
            Predicate<String> hasSource,
            Packages packages) {
        this.client = client;
        this.catalogs = catalogs;
        this.extensions = extensions;
        this.hasSource = hasSource;
        this.packages = packages;
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Map<String, MiddlewareType> types = types();
        ExtensionCatalog live = catalogs.get(key);
        if (live != null && Json.write(live.types()).equals(Json.write(types))) {
            return Result.DONE;
        }
        JsonObject wanted =
                JsonParser.parseString(withEmpties(Json.tree(types)).toString()).getAsJsonObject();
        if (live == null) {
            JsonObject body = new JsonObject();
            body.add("metadata", JsonParser.parseString("{\"name\":\"" + key.name() + "\"}"));
            body.add("types", wanted);
            client.create("", body);
        } else {
            // Not applied: apply takes owned leaves out of a map and leaves their parents behind.
            client.patch(key, Patch.jsonPatch().add("/types", wanted));
        }
        return Result.DONE;
    }

    /// The schema requires what may be empty, so that policies need not ask whether it is there;
    /// our records leave empty collections out.
    private static JsonNode withEmpties(JsonNode types) {
        for (JsonNode type : types) {
            for (JsonNode version : type.path("extensions")) {
                for (String list : List.of("versions", "upgradableFrom", "paths", "staticGroups")) {
                    if (!version.has(list)) {
                        ((ObjectNode) version).putArray(list);
                    }
                }
                for (JsonNode topology : version.path("topologies")) {
                    for (String map : List.of("parameters", "groups", "extraGroups")) {
                        if (!topology.has(map)) {
                            ((ObjectNode) topology).putObject(map);
                        }
                    }
                }
            }
        }
        return types;
    }

    private Map<String, MiddlewareType> types() {
        Map<String, MiddlewareType> types = new TreeMap<>();
        for (Extension extension : extensions.list()) {
            if (extension.metadata().getDeletionTimestamp() != null
                    || !hasSource.test(extension.metadata().getName())) {
                continue;
            }
            packages.installed(extension)
                    .ifPresent(
                            installed ->
                                    types.computeIfAbsent(
                                                    extension.spec().type(),
                                                    _ -> new MiddlewareType(new TreeMap<>()))
                                            .extensions()
                                            .put(
                                                    extension.spec().version(),
                                                    version(installed.content())));
        }
        return types;
    }

    static ExtensionCatalog.Version version(ExtensionPackage extension) {
        List<String> paths = new ArrayList<>();
        for (UpgradePath path : extension.upgradePaths()) {
            paths.add(path.from() + "->" + path.to());
            if (path.reversible()) {
                paths.add(path.to() + "->" + path.from());
            }
        }
        Map<String, ExtensionCatalog.Topology> topologies = new TreeMap<>();
        extension.topologies().forEach(t -> topologies.put(t.name(), topology(t)));
        return new ExtensionCatalog.Version(
                extension.middlewareVersions().stream()
                        .map(ExtensionPackage.MiddlewareVersion::version)
                        .toList(),
                extension.upgradableFrom(),
                paths.stream().distinct().toList(),
                extension.hooks().preScaleIn() != null,
                extension.staticGroups().stream().map(ExtensionPackage.StaticGroup::name).toList(),
                topologies);
    }

    private static ExtensionCatalog.Topology topology(ExtensionPackage.Topology topology) {
        Map<String, ExtensionCatalog.Parameter> parameters = new TreeMap<>();
        topology.parameters()
                .forEach(
                        p ->
                                parameters.put(
                                        p.name(),
                                        new ExtensionCatalog.Parameter(
                                                p.type(),
                                                p.defaultValue(),
                                                p.minimum(),
                                                p.maximum())));
        Map<String, ExtensionCatalog.Group> groups = new TreeMap<>();
        for (ExtensionPackage.Group group : topology.groups()) {
            groups.put(group.name(), group(group.staticGroup(), group.unit()));
        }
        Map<String, ExtensionCatalog.Group> extraGroups = new TreeMap<>();
        for (ExtensionPackage.ExtraGroup extra : topology.extraGroups()) {
            extraGroups.put(extra.staticGroup(), group(extra.staticGroup(), extra.unit()));
        }
        return new ExtensionCatalog.Topology(parameters, groups, extraGroups);
    }

    private static ExtensionCatalog.Group group(String staticGroup, Unit unit) {
        return new ExtensionCatalog.Group(
                staticGroup,
                unit.name(),
                unit.parameter(),
                unit.minimum(),
                unit.maximum(),
                unit.defaultUnits());
    }
}
