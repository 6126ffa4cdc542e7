package io.paas.controllers.extension;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.paas.api.extension.ExtensionPackage;
import io.paas.api.extension.PackageDigest;
import io.paas.api.extension.ParsedExtension;
import io.paas.api.json.Json;
import io.paas.api.meta.Labels;
import io.paas.api.v1.Condition;
import io.paas.api.v1.Extension;
import io.paas.api.v1.Kind;
import io.paas.controllers.runtime.Conditions;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.controller.EventRecorder;
import io.paas.kube.controller.Reconciler;
import io.paas.kube.controller.Result;
import io.paas.kube.informer.Informer;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Keeps one Extension, named `<type>-<version>`, as its ConfigMap says.
final class ExtensionReconciler implements Reconciler {

    static final String FINALIZER = Labels.PREFIX + "in-use";

    private final ResourceClient<Extension> client;
    private final Informer<Extension> extensions;
    private final Informer<V1ConfigMap> sources;
    private final ExtensionUsers users;
    private final Packages packages;
    private final EventRecorder events;
    private final InstantSource clock;

    ExtensionReconciler(
            ResourceClient<Extension> client,
            Informer<Extension> extensions,
            Informer<V1ConfigMap> sources,
            ExtensionUsers users,
            Packages packages,
            EventRecorder events,
            InstantSource clock) {
        this.client = client;
        this.extensions = extensions;
        this.sources = sources;
        this.users = users;
        this.packages = packages;
        this.events = events;
        this.clock = clock;
    }

    /// The Extension that a ConfigMap is the source of, by its labels; null when it lacks them.
    static @Nullable String nameOf(V1ConfigMap source) {
        Map<String, String> labels = Packages.metadataOf(source).getLabels();
        if (labels == null
                || labels.get(Labels.EXTENSION) == null
                || labels.get(Labels.EXTENSION_VERSION) == null) {
            return null;
        }
        return Packages.name(labels.get(Labels.EXTENSION), labels.get(Labels.EXTENSION_VERSION));
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Extension live = extensions.get(key);
        V1ConfigMap source = source(key.name(), live);
        if (live == null && source == null) {
            return Result.DONE;
        }
        Extension.Spec spec = spec(live, source);
        boolean used = users.isUsed(key.name());
        if (live != null
                && live.metadata().getDeletionTimestamp() != null
                && (!used || !hasFinalizer(live))) {
            release(key, live);
            return Result.DONE;
        }
        if (live == null || !same(live.spec(), spec) || hasFinalizer(live) != used) {
            live = client.patch(key, new Patch.Apply(manifest(key.name(), spec, used)));
        }
        report(key, live, source);
        return Result.DONE;
    }

    /// Of several with the same labels the one that was read already, else the oldest.
    private @Nullable V1ConfigMap source(String name, @Nullable Extension live) {
        Extension.Source known = live == null ? null : live.spec().source();
        String uid = known == null ? "" : Objects.requireNonNullElse(known.uid(), "");
        return sources.list().stream()
                .filter(map -> name.equals(nameOf(map)))
                .min(
                        Comparator.comparing(
                                        (V1ConfigMap map) ->
                                                !uid.equals(Packages.metadataOf(map).getUid()))
                                .thenComparing(
                                        map -> Packages.metadataOf(map).getCreationTimestamp())
                                .thenComparing(map -> Packages.metadataOf(map).getName()))
                .orElse(null);
    }

    /// The content that stays or comes in: valid content is never exchanged.
    private Extension.Spec spec(@Nullable Extension live, @Nullable V1ConfigMap source) {
        if (source == null) {
            return Objects.requireNonNull(live).spec();
        }
        V1ObjectMeta from = Packages.metadataOf(source);
        Extension.Source origin =
                new Extension.Source(from.getNamespace(), from.getName(), from.getUid());
        String digest = PackageDigest.of(Packages.contentOf(source));
        if (live != null && packages.installed(live).isPresent()) {
            Extension.Spec old = live.spec();
            return digest.equals(old.digest())
                    ? new Extension.Spec(
                            old.type(), old.version(), old.digest(), origin, old.content())
                    : old;
        }
        Map<String, String> labels = Objects.requireNonNull(from.getLabels());
        return new Extension.Spec(
                Objects.requireNonNull(labels.get(Labels.EXTENSION)),
                Objects.requireNonNull(labels.get(Labels.EXTENSION_VERSION)),
                digest,
                origin,
                // What can still change is not taken over.
                ExtensionConditions.isImmutable(source) ? Packages.contentOf(source) : Map.of());
    }

    private static boolean same(Extension.Spec a, Extension.Spec b) {
        return Json.write(a).equals(Json.write(b));
    }

    private static JsonObject manifest(String name, Extension.Spec spec, boolean used) {
        Map<String, Object> metadata =
                used
                        ? Map.of("name", name, "finalizers", List.of(FINALIZER))
                        : Map.of("name", name);
        return json(
                Map.of(
                        "apiVersion",
                        Kind.API_VERSION,
                        "kind",
                        Kind.EXTENSION.kind(),
                        "metadata",
                        metadata,
                        "spec",
                        spec));
    }

    private void release(ObjectKey key, Extension live) {
        if (hasFinalizer(live)) {
            client.patch(key, new Patch.Apply(manifest(key.name(), live.spec(), false)));
        }
    }

    private static boolean hasFinalizer(Extension extension) {
        List<String> finalizers = extension.metadata().getFinalizers();
        return finalizers != null && finalizers.contains(FINALIZER);
    }

    private void report(ObjectKey key, Extension live, @Nullable V1ConfigMap source) {
        Extension.Status before = live.status();
        List<Condition> old = before == null ? List.of() : before.conditions();
        long generation = Objects.requireNonNullElse(live.metadata().getGeneration(), 0L);
        ParsedExtension parsed = packages.parse(live);
        List<Condition> conditions =
                ExtensionConditions.of(
                        live, source, parsed, new Conditions(old, generation, clock.instant()));
        Extension.Status status =
                new Extension.Status(
                        generation, versions(parsed), users.clusters(key.name()), conditions);
        if (before != null && Json.write(before).equals(Json.write(status))) {
            return;
        }
        JsonObject body =
                json(
                        Map.of(
                                "apiVersion",
                                Kind.API_VERSION,
                                "kind",
                                Kind.EXTENSION.kind(),
                                "metadata",
                                Map.of("name", key.name()),
                                "status",
                                status));
        client.patchStatus(key, new Patch.Apply(body));
        conditions.forEach(condition -> announce(live, old, condition));
    }

    private static @Nullable String versions(ParsedExtension parsed) {
        return parsed instanceof ParsedExtension.Valid(ExtensionPackage content)
                ? content.middlewareVersions().stream()
                        .map(ExtensionPackage.MiddlewareVersion::version)
                        .collect(Collectors.joining(","))
                : null;
    }

    private void announce(Extension live, List<Condition> old, Condition now) {
        Optional<Condition> before = Conditions.find(old, now.type());
        if (before.map(Condition::status).equals(Optional.of(now.status()))) {
            return;
        }
        boolean good = now.isTrue() == now.type().equals(ExtensionConditions.VALID);
        if (!good) {
            events.warning(live, "Admit", now.reason(), now.message());
        } else if (now.type().equals(ExtensionConditions.VALID) || before.isPresent()) {
            events.normal(live, "Admit", now.reason(), now.message());
        }
    }

    private static JsonObject json(Map<String, Object> object) {
        return JsonParser.parseString(Json.write(object)).getAsJsonObject();
    }
}
