package io.paas.plan.expodset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.paas.api.meta.Names;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a Pod of one template needs to become one of another.
///
/// In place go the images of sidecars, which the kubelet restarts alone, and CPU and memory of any
/// container. Everything else that [TemplateHash] counts needs another Pod: so does the main
/// container's image, because a Pod is its main process; and a resize that would change the Pod's
/// QoS class or drop a limit, because the API server refuses it.
public sealed interface TemplateChange {

    /// Nothing that the hash counts differs in its meaning.
    record Nothing() implements TemplateChange {}

    /// A running Pod can take it.
    ///
    /// @param images by sidecar
    /// @param resources by container
    record InPlace(
            SortedMap<ContainerRef, String> images,
            SortedMap<ContainerRef, ContainerResources> resources)
            implements TemplateChange {

        public InPlace {
            images = Collections.unmodifiableSortedMap(new TreeMap<>(images));
            resources = Collections.unmodifiableSortedMap(new TreeMap<>(resources));
        }
    }

    /// Only another Pod will do.
    record Recreate() implements TemplateChange {}

    static TemplateChange between(JsonNode before, JsonNode after) {
        if (!TemplateHash.sorted(fixed(before)).equals(TemplateHash.sorted(fixed(after)))) {
            return new Recreate();
        }
        SortedMap<ContainerRef, String> images = new TreeMap<>();
        SortedMap<ContainerRef, ContainerResources> resources = new TreeMap<>();
        for (ContainerRef container : changeable(after)) {
            JsonNode old = container(before, container);
            JsonNode wanted = container(after, container);
            // Of the main container they are equal: its image is part of what is fixed.
            if (!old.path("image").equals(wanted.path("image"))) {
                images.put(container, wanted.path("image").asText());
            }
            ContainerResources had = ContainerResources.of(old);
            ContainerResources has = ContainerResources.of(wanted);
            if (has.dropsAnyOf(had)) {
                return new Recreate();
            }
            if (!has.sameAs(had)) {
                resources.put(container, has);
            }
        }
        if (!resources.isEmpty() && PodQos.of(before) != PodQos.of(after)) {
            return new Recreate();
        }
        return images.isEmpty() && resources.isEmpty()
                ? new Nothing()
                : new InPlace(images, resources);
    }

    /// What is needed for both. The later one's words win.
    default TemplateChange and(TemplateChange later) {
        return switch (this) {
            case Recreate() -> this;
            case Nothing() -> later;
            case InPlace here ->
                    switch (later) {
                        case Recreate() -> later;
                        case Nothing() -> here;
                        case InPlace there -> union(here, there);
                    };
        };
    }

    private static InPlace union(InPlace a, InPlace b) {
        SortedMap<ContainerRef, String> images = new TreeMap<>(a.images());
        images.putAll(b.images());
        SortedMap<ContainerRef, ContainerResources> resources = new TreeMap<>(a.resources());
        resources.putAll(b.resources());
        return new InPlace(images, resources);
    }

    /// What a running Pod keeps for life.
    private static ObjectNode fixed(JsonNode template) {
        ObjectNode counted = TemplateHash.counted(template);
        String main = main(template);
        for (ContainerRef container : changeable(template)) {
            ObjectNode fields = (ObjectNode) container(counted, "", container);
            if (!container.name().equals(main)) {
                fields.remove("image");
            }
            ContainerResources.RESIZABLE.forEach(name -> drop(fields, "limits", name));
            ContainerResources.RESIZABLE.forEach(name -> drop(fields, "requests", name));
            if (fields.path("resources").isEmpty()) {
                fields.remove("resources");
            }
        }
        return counted;
    }

    private static void drop(ObjectNode container, String kind, String resource) {
        if (container.path("resources") instanceof ObjectNode resources
                && resources.path(kind) instanceof ObjectNode quantities) {
            quantities.remove(resource);
            if (quantities.isEmpty()) {
                resources.remove(kind);
            }
        }
    }

    /// The containers that keep running: of the init containers only the native sidecars.
    private static SortedSet<ContainerRef> changeable(JsonNode template) {
        SortedSet<ContainerRef> found = new TreeSet<>();
        Set<String> ours = Set.of(Names.AGENT_CONTAINER, Names.LAUNCHER_CONTAINER);
        for (String list : new String[] {"containers", "initContainers"}) {
            for (JsonNode container : template.path("spec").path(list)) {
                boolean runsOn =
                        list.equals("containers")
                                || container.path("restartPolicy").asText().equals("Always");
                String name = container.path("name").asText();
                if (runsOn && !ours.contains(name)) {
                    found.add(new ContainerRef(list, name));
                }
            }
        }
        return found;
    }

    /// The one named `main`, or, as in Pods of no extension, the first.
    private static String main(JsonNode template) {
        JsonNode containers = template.path("spec").path("containers");
        for (JsonNode container : containers) {
            if (container.path("name").asText().equals(Names.MAIN_CONTAINER)) {
                return Names.MAIN_CONTAINER;
            }
        }
        return containers.path(0).path("name").asText();
    }

    private static JsonNode container(JsonNode template, ContainerRef which) {
        return container(template, "spec", which);
    }

    private static JsonNode container(JsonNode tree, String below, ContainerRef which) {
        JsonNode spec = below.isEmpty() ? tree : tree.path(below);
        for (JsonNode container : spec.path(which.list())) {
            if (container.path("name").asText().equals(which.name())) {
                return container;
            }
        }
        throw new IllegalArgumentException("no container " + which);
    }
}
