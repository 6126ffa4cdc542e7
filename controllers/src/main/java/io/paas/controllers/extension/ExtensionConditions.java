package io.paas.controllers.extension;

import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.paas.api.extension.ExtensionPackage;
import io.paas.api.extension.PackageDigest;
import io.paas.api.extension.ParsedExtension;
import io.paas.api.extension.Problem;
import io.paas.api.meta.Labels;
import io.paas.api.v1.Condition;
import io.paas.api.v1.Extension;
import io.paas.controllers.runtime.Conditions;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What is to be said of an Extension.
final class ExtensionConditions {

    static final String VALID = "Valid";
    static final String SOURCE_GONE = "SourceGone";
    static final String DIGEST_CHANGED = "DigestChanged";

    // Enough for every message; the API server refuses a condition beyond 32 KiB.
    private static final int MAX_PROBLEMS = 20;

    private ExtensionConditions() {}

    static List<Condition> of(
            Extension extension,
            @Nullable V1ConfigMap source,
            ParsedExtension parsed,
            Conditions conditions) {
        return List.of(
                valid(extension, source, parsed, conditions),
                sourceGone(extension, source, conditions),
                digestChanged(extension, source, conditions));
    }

    private static Condition valid(
            Extension extension,
            @Nullable V1ConfigMap source,
            ParsedExtension parsed,
            Conditions conditions) {
        if (source != null && !isImmutable(source) && extension.spec().content().isEmpty()) {
            return conditions.isFalse(
                    VALID,
                    "NotImmutable",
                    "ConfigMap "
                            + Packages.metadataOf(source).getName()
                            + " must have 'immutable: true'; delete it and create it again with it");
        }
        return switch (parsed) {
            case ParsedExtension.Valid(ExtensionPackage content) -> {
                if (Packages.isNamedLike(extension, content)) {
                    yield conditions.isTrue(VALID, "Valid", "the package can be used");
                }
                yield conditions.isFalse(
                        VALID,
                        "LabelMismatch",
                        "extension.yaml says type "
                                + content.type()
                                + " and version "
                                + content.version()
                                + ", the labels "
                                + Labels.EXTENSION
                                + " and "
                                + Labels.EXTENSION_VERSION
                                + " say "
                                + extension.spec().type()
                                + " and "
                                + extension.spec().version());
            }
            case ParsedExtension.Invalid(List<Problem> problems) ->
                    conditions.isFalse(VALID, "Invalid", text(problems));
        };
    }

    private static String text(List<Problem> problems) {
        String first =
                problems.stream()
                        .limit(MAX_PROBLEMS)
                        .map(Problem::toString)
                        .collect(Collectors.joining("; "));
        int more = problems.size() - MAX_PROBLEMS;
        return more > 0 ? first + "; and " + more + " more" : first;
    }

    private static Condition sourceGone(
            Extension extension, @Nullable V1ConfigMap source, Conditions conditions) {
        if (source != null) {
            return conditions.isFalse(SOURCE_GONE, "Present", "the package is there");
        }
        Extension.Source last = extension.spec().source();
        return conditions.isTrue(
                SOURCE_GONE,
                "SourceGone",
                "ConfigMap "
                        + (last == null ? "" : last.name())
                        + " is gone; clusters keep running, new ones are refused until it is"
                        + " published again");
    }

    private static Condition digestChanged(
            Extension extension, @Nullable V1ConfigMap source, Conditions conditions) {
        if (source == null
                || extension.spec().digest().equals(PackageDigest.of(Packages.contentOf(source)))) {
            return conditions.isFalse(DIGEST_CHANGED, "Same", "the content is as published first");
        }
        return conditions.isTrue(
                DIGEST_CHANGED,
                "DigestChanged",
                "ConfigMap "
                        + Packages.metadataOf(source).getName()
                        + " has other content under the same version; the first content stays."
                        + " Publish the change under a new version");
    }

    static boolean isImmutable(V1ConfigMap source) {
        return Boolean.TRUE.equals(source.getImmutable());
    }
}
