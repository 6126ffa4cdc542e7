package io.paas.controllers.extension;

import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.paas.api.extension.ExtensionPackage;
import io.paas.api.extension.ExtensionParser;
import io.paas.api.extension.PackageDigest;
import io.paas.api.extension.ParsedExtension;
import io.paas.api.v1.Extension;
import io.paas.plan.cluster.ClusterSnapshot;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Parses the contents of Extensions, each once. Called from many threads.
public final class Packages {

    // Contents are immutable and few; a version that is gone costs some kilobytes.
    private final Map<String, ParsedExtension> byDigest = new ConcurrentHashMap<>();

    ParsedExtension parse(Extension extension) {
        return byDigest.computeIfAbsent(
                PackageDigest.of(extension.spec().content()),
                _ -> ExtensionParser.parse(extension.spec().content()));
    }

    /// The extension's package when clusters can be rendered from it.
    public Optional<ClusterSnapshot.Installed> installed(@Nullable Extension extension) {
        if (extension == null
                || !(parse(extension) instanceof ParsedExtension.Valid(ExtensionPackage content))
                || !isNamedLike(extension, content)) {
            return Optional.empty();
        }
        return Optional.of(
                new ClusterSnapshot.Installed(
                        name(extension.spec().type(), extension.spec().version()),
                        extension.spec().digest(),
                        content));
    }

    static boolean isNamedLike(Extension extension, ExtensionPackage content) {
        return content.type().equals(extension.spec().type())
                && content.version().equals(extension.spec().version());
    }

    static V1ObjectMeta metadataOf(V1ConfigMap source) {
        return Objects.requireNonNull(source.getMetadata());
    }

    static Map<String, String> contentOf(V1ConfigMap source) {
        Map<String, String> data = source.getData();
        return data == null ? Map.of() : data;
    }

    /// The name of an Extension.
    public static String name(String type, String version) {
        return type + "-" + version;
    }
}
