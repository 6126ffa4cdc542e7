package io.paas.plan.expodset;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.paas.api.meta.Labels;
import io.paas.api.v1.ExPodSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Judges whose a Pod or a revision is, as StatefulSet does: a set's own by its selector and its
/// name, as long as nobody else controls it.
public final class Adoption {

    /// What to do about an object.
    public enum Verdict {
        /// It is the set's.
        OURS,
        /// Nobody controls it, or the label is gone by which its Pods are found: take it in.
        ADOPT,
        /// The set controls it, and it no longer matches.
        RELEASE,
        /// It is none of the set's business.
        LEAVE
    }

    private static final Pattern NAME = Pattern.compile("(.+)-(0|[1-9][0-9]{0,4})");

    private Adoption() {}

    public static Verdict ofPod(ExPodSet set, KubernetesObject pod) {
        V1ObjectMeta metadata = pod.getMetadata();
        OptionalInt ordinal = ordinal(set, metadata.getName());
        boolean matches = ordinal.isPresent() && matches(set, metadata);
        Verdict verdict = judge(set, metadata, matches);
        boolean isFound =
                ordinal.isPresent()
                        && Integer.toString(ordinal.getAsInt())
                                .equals(labels(metadata).get(Labels.ORDINAL));
        return verdict == Verdict.OURS && !isFound && metadata.getDeletionTimestamp() == null
                ? Verdict.ADOPT
                : verdict;
    }

    /// Revisions are never released: nothing but their content counts.
    public static Verdict ofRevision(ExPodSet set, KubernetesObject revision) {
        V1ObjectMeta metadata = revision.getMetadata();
        Verdict verdict = judge(set, metadata, matches(set, metadata));
        return verdict == Verdict.RELEASE ? Verdict.OURS : verdict;
    }

    /// The ordinal that a Pod of the set has by its name.
    public static OptionalInt ordinal(ExPodSet set, @Nullable String name) {
        Matcher matcher = NAME.matcher(name == null ? "" : name);
        return matcher.matches() && matcher.group(1).equals(set.metadata().getName())
                ? OptionalInt.of(Integer.parseInt(matcher.group(2)))
                : OptionalInt.empty();
    }

    private static Verdict judge(ExPodSet set, V1ObjectMeta metadata, boolean matches) {
        V1OwnerReference controller = controller(metadata);
        if (controller == null) {
            return matches && metadata.getDeletionTimestamp() == null
                    ? Verdict.ADOPT
                    : Verdict.LEAVE;
        }
        if (!Objects.equals(controller.getUid(), set.metadata().getUid())) {
            return Verdict.LEAVE;
        }
        return matches ? Verdict.OURS : Verdict.RELEASE;
    }

    private static boolean matches(ExPodSet set, V1ObjectMeta metadata) {
        return labels(metadata)
                .entrySet()
                .containsAll(set.spec().selector().matchLabels().entrySet());
    }

    private static @Nullable V1OwnerReference controller(V1ObjectMeta metadata) {
        List<V1OwnerReference> owners = metadata.getOwnerReferences();
        return owners == null
                ? null
                : owners.stream()
                        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                        .findFirst()
                        .orElse(null);
    }

    private static Map<String, String> labels(V1ObjectMeta metadata) {
        return metadata.getLabels() == null ? Map.of() : metadata.getLabels();
    }
}
